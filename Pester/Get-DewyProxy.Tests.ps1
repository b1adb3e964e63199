#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Get-DewyProxy' {
    BeforeAll {
        $blue = Start-TestBackend -Text blue
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
        $null = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name other
    }

    AfterAll {
        Get-DewyProxy | Stop-DewyProxy
        Stop-TestBackend -Backend $blue
    }

    It 'counts requests' {
        1..3 | ForEach-Object { Invoke-RestMethod -Uri "http://$($proxy.Listen[0])/" } | Should -Be blue, blue, blue
        (Get-DewyProxy -Name proxy).Requests | Should -Be 3
    }

    It 'finds names by wildcards' {
        (Get-DewyProxy -Name o*).Name | Should -Be other
        Get-DewyProxy -Name x* | Should -BeNullOrEmpty
    }

    It 'says what it does not know' {
        Get-DewyProxy -Name nobody -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.FullyQualifiedErrorId | Should -BeLike 'AgentNotFound*'
    }

    It 'shows what matters, not type names' {
        Get-DewyProxy | Out-String -Width 160 | Should -Match '1 of 1 healthy'
        (Get-DewyProxy -Name proxy).Backends | Out-String -Width 160 | Should -Match 'Healthy'
    }
}
