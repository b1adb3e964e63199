#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Resume-DewyAgent' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
    }

    It 'ends a pause, and what is new is deployed' {
        Suspend-DewyAgent -Root $root
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        (Resume-DewyAgent -Root $root -PassThru).Pause | Should -BeNullOrEmpty
        (Invoke-DewyDeploy -Registry $registry.Url -Root $root).Tag | Should -Be 'v1.1.0'
    }

    It 'ends a pin' {
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root -Tag v1.0.0
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
        Resume-DewyAgent -Root $root
        (Invoke-DewyDeploy -Registry $registry.Url -Root $root).Tag | Should -Be 'v1.1.0'
    }

    It 'changes nothing with -WhatIf' {
        Suspend-DewyAgent -Root $root
        Resume-DewyAgent -Root $root -WhatIf
        (Get-DewyAgent -Root $root).Pause | Should -Not -BeNullOrEmpty
    }
}
