#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'An agent as a job' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'deploys, follows the next release, and its output are the deployments' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 1
        $job.State | Should -Be Running
        ($job | Receive-Job -Wait | Select-Object -First 1).Tag | Should -Be v1.0.0
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        $deployment = $job | Receive-Job -Wait | Select-Object -First 1
        $deployment | Should -BeOfType Dewy.Deployment
        $deployment.Tag | Should -Be v1.1.0
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
        $job.State | Should -Be Running
    }

    It 'keeps what it wrote until it is received, and after its end' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 1
        Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.0.0' }
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.1.0' }
        Stop-Job -Job $job
        $job.State | Should -Be Stopped
        (Receive-Job -Job $job -Keep).Tag | Should -Be v1.0.0, v1.1.0
        (Receive-Job -Job $job).Tag | Should -Be v1.0.0, v1.1.0
        Receive-Job -Job $job | Should -BeNullOrEmpty
    }

    It 'is waited for and stopped by the job cmdlets' {
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -Name mine
        (Get-Job -Name mine).Id | Should -Be $job.Id
        Wait-Job -Job $job -Timeout 1 | Should -BeNullOrEmpty
        Stop-Job -Name mine
        (Wait-Job -Name mine -Timeout 60).State | Should -Be Stopped
        Remove-Job -Name mine
        Get-Job -Name mine -ErrorAction Ignore | Should -BeNullOrEmpty
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
    }

    It 'warns of what failed, and goes on' {
        Publish-TestRelease -Registry $registry -Tag v1.1.0 -WrongChecksum
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 1
        Wait-Until { Get-DewyDeployment -Root $root -Result Failed }
        Wait-Until { $job.Warning.Count }
        Publish-TestRelease -Registry $registry -Tag v1.2.0
        Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.2.0' }
        $job.State | Should -Be Running
    }
}
