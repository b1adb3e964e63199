#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Start-DewyAgent' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'lets nobody else have the root' {
        $null = Start-DewyAgent -Registry $registry.Url -Root $root
        { Start-DewyAgent -Registry $registry.Url -Root $root } | Should -Throw -ErrorId 'RootLocked,*' -ExpectedMessage "*$PID*"
        @(Get-Job | Where-Object PSJobTypeName -EQ DewyAgent).Count | Should -Be 1
    }

    It 'does what Invoke-DewyDeploy asks while it holds the root' {
        $null = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 3600
        Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.0.0' }
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        (Invoke-DewyDeploy -Registry $registry.Url -Root $root).Tag | Should -Be 'v1.1.0'
    }

    It 'is a terminating error without a job when an option is wrong' {
        { Start-DewyAgent -Registry 'nonsense://x' -Root $root } | Should -Throw -ErrorId 'InvalidOption,*'
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Should -BeNullOrEmpty
    }

    It 'is shown by Get-Job in a table' {
        $null = Start-DewyAgent -Registry $registry.Url -Root $root
        $shown = Get-Job | Out-String -Width 200
        $shown | Should -Match 'Running'
        $shown | Should -Match ([regex]::Escape($root))
    }

    It 'ends with the process' {
        $script = "Import-Module '$(Get-DewyManifestPath)'; `$null = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root'; (Get-DewyAgent -Root '$root').State"
        & (Get-Process -Id $PID).Path -NoProfile -Command $script | Should -Not -Be 'Stopped'
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
    }
}
