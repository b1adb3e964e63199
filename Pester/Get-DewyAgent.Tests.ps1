#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Get-DewyAgent' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
    }

    It 'shows a root without an agent' {
        $status = Get-DewyAgent -Root $root
        $status | Should -BeOfType Dewy.AgentStatus
        $status.State | Should -Be Stopped
        $status.Current.Tag | Should -Be 'v1.0.0'
        $status.LastDeployment.Result | Should -Be Succeeded
    }

    It 'shows the root of the current location' {
        Push-Location -LiteralPath $root
        try {
            (Get-DewyAgent).Root | Should -Be $root
        } finally {
            Pop-Location
        }
    }

    It 'shows what matters, not type names' {
        Get-DewyAgent -Root $root | Out-String -Width 160 | Should -Match 'v1\.0\.0'
        $listed = Get-DewyAgent -Root $root | Format-List | Out-String -Width 160
        $listed | Should -Match 'CurrentDirectory'
        $listed | Should -Not -Match 'Dewy\.[A-Z]|LiveRelease'
    }
}
