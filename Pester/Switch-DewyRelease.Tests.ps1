#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Switch-DewyRelease' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    It 'makes the release live and records it' {
        $deployment = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease
        $deployment | Should -BeOfType Dewy.Deployment
        $deployment.Result | Should -Be Succeeded
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
        (Get-DewyDeployment -Root $root).Id | Should -Be $deployment.Id
    }

    It 'leaves nothing for Invoke-DewyDeploy to do' {
        $null = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
    }

    It 'tells the registry, which the pipeline remembers' {
        $null = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease
        Join-Path -Path $registry.Path -ChildPath 'v1.0.0/shipped_to_*' | Should -Exist
    }

    It 'keeps silent with -NoReport' {
        $null = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease -NoReport
        Join-Path -Path $registry.Path -ChildPath 'v1.0.0/shipped_to_*' | Should -Not -Exist
    }

    It 'changes nothing with -WhatIf' {
        Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease -WhatIf | Should -BeNullOrEmpty
        Join-Path -Path $root -ChildPath current | Should -Not -Exist
    }
}
