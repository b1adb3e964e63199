#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Get-DewyDeployment' {
    BeforeAll {
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath root)
        foreach ($tag in 'v1.0.0', 'v1.1.0') {
            Publish-TestRelease -Registry $registry -Tag $tag
            $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        }
        Publish-TestRelease -Registry $registry -Tag v1.2.0 -WrongChecksum
        try {
            $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root -ErrorAction Stop
        } catch [Dewy.DewyException] {
            $null = $_
        }
    }

    It 'writes the history, newest first' {
        (Get-DewyDeployment -Root $root).Tag | Should -Be @('v1.2.0', 'v1.1.0', 'v1.0.0')
    }

    It 'has the cause of what failed' {
        $failed = Get-DewyDeployment -Root $root -Result Failed
        $failed.Error.Code | Should -Be ChecksumMismatch
        $failed.Error.NextStep | Should -Not -BeNullOrEmpty
    }

    It 'filters' {
        (Get-DewyDeployment -Root $root -Tag v1.0.*).Tag | Should -Be 'v1.0.0'
        (Get-DewyDeployment -Root $root -First 1).Tag | Should -Be 'v1.2.0'
        (Get-DewyDeployment -Root $root -Result Succeeded -First 1).Tag | Should -Be 'v1.1.0'
        $id = (Get-DewyDeployment -Root $root -First 1).Id
        (Get-DewyDeployment -Root $root -Id $id).Tag | Should -Be 'v1.2.0'
    }

    It 'is nothing for a wildcard and an error for a name that is not there' {
        Get-DewyDeployment -Root $root -Id none* | Should -BeNullOrEmpty
        { Get-DewyDeployment -Root $root -Id none -ErrorAction Stop } | Should -Throw -ErrorId 'ReleaseNotFound,*'
    }

    It 'is nothing in a root where nothing was deployed' {
        Get-DewyDeployment -Root (New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath empty)) | Should -BeNullOrEmpty
    }

    It 'shows tables and lists, not type names' {
        $shown = Get-DewyDeployment -Root $root | Out-String -Width 160
        $shown | Should -Match 'Succeeded'
        $shown | Should -Not -Match 'Dewy\.'
        $listed = Get-DewyDeployment -Root $root | Format-List | Out-String -Width 160
        $listed | Should -Match 'NextStep'
        $listed | Should -Not -Match 'Dewy\.[A-Z]|PhaseTiming'
    }
}
