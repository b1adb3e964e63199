#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Stop-DewyAgent' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'stops the agent of a root, and lets go of the root' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root
        Stop-DewyAgent -Root $root
        $job.State | Should -Be Stopped
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
        { Start-DewyAgent -Registry $registry.Url -Root $root } | Should -Not -Throw
    }

    It 'stops the agent of a status' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root
        Get-DewyAgent | Stop-DewyAgent
        $job.State | Should -Be Stopped
    }

    It 'stops the agent of a job' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -Name one
        Get-Job -Name one | Stop-DewyAgent
        $job.State | Should -Be Stopped
    }

    It 'stops those whose name fits' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -Name one
        Stop-DewyAgent -Name two*
        $job.State | Should -Be Running
        Stop-DewyAgent -Name on*
        $job.State | Should -Be Stopped
    }

    It 'is an error where no agent runs' {
        { Stop-DewyAgent -Root $root -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNotFound,*'
    }

    It 'stops nothing with -WhatIf' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root
        Stop-DewyAgent -Root $root -WhatIf
        $job.State | Should -Be Running
    }
}
