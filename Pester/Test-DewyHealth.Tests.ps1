#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Test-DewyHealth' {
    BeforeAll {
        $backend = Start-TestBackend -Text fine
    }

    AfterAll {
        Stop-TestBackend -Backend $backend
    }

    It 'asks over HTTP' {
        $result = Test-DewyHealth -Address $backend.Address -HealthPath /health
        $result | Should -BeOfType Dewy.HealthResult
        $result.Healthy | Should -BeTrue
        $result.Answer | Should -Be '200 OK'
    }

    It 'takes the path of a URL' {
        (Test-DewyHealth -Address "http://$($backend.Address)/health").Healthy | Should -BeTrue
    }

    It 'only connects where there is no path' {
        (Test-DewyHealth -Address $backend.Address).Healthy | Should -BeTrue
    }

    It 'says that nobody is there' {
        Test-DewyHealth -Address (Get-FreeAddress) -TimeoutSec 1 -Quiet | Should -BeFalse
    }
}
