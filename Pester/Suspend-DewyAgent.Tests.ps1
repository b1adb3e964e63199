#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Suspend-DewyAgent' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'pauses, so that nothing is deployed' {
        Suspend-DewyAgent -Root $root
        (Get-DewyAgent -Root $root).Pause.By | Should -Not -BeNullOrEmpty
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'pauses an agent that runs' {
        $null = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 1
        (Get-DewyAgent | Suspend-DewyAgent -PassThru).Pause | Should -Not -BeNullOrEmpty
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        Wait-Until { (Get-DewyAgent -Root $root).Held }
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'changes nothing with -WhatIf' {
        Suspend-DewyAgent -Root $root -WhatIf
        (Get-DewyAgent -Root $root).Pause | Should -BeNullOrEmpty
    }
}
