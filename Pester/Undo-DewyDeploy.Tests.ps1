#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Undo-DewyDeploy' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        foreach ($tag in 'v1.0.0', 'v1.1.0', 'v1.2.0') {
            Publish-TestRelease -Registry $registry -Tag $tag
            $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        }
    }

    It 'goes back to the previous release and pins it' {
        (Undo-DewyDeploy -Root $root).Tag | Should -Be 'v1.1.0'
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
        (Get-DewyAgent -Root $root).Pin.Tag | Should -Be 'v1.1.0'
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
    }

    It 'goes back to a certain release' {
        $null = Undo-DewyDeploy -Root $root -To v1.0.0
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'goes back to a deployment of the history' {
        $null = Get-DewyDeployment -Root $root -Tag v1.0.0 | Undo-DewyDeploy
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'follows a newer release again with -UntilNewer' {
        $null = Undo-DewyDeploy -Root $root -UntilNewer
        Publish-TestRelease -Registry $registry -Tag v1.3.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        Get-LivePage -Root $root | Should -Be '<h1>v1.3.0</h1>'
    }

    It 'goes forward again after Resume-DewyAgent' {
        $null = Undo-DewyDeploy -Root $root
        Resume-DewyAgent -Root $root
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        Get-LivePage -Root $root | Should -Be '<h1>v1.2.0</h1>'
    }

    It 'is a terminating error when the release is not kept' {
        { Undo-DewyDeploy -Root $root -To v0.9.0 } | Should -Throw -ErrorId 'ReleaseNotFound,*'
        Get-LivePage -Root $root | Should -Be '<h1>v1.2.0</h1>'
    }

    It 'completes the releases that are kept' {
        $line = "Undo-DewyDeploy -Root '$root' -To v"
        $words = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
        $words | Should -Contain 'v1.0.0'
        $words | Should -Contain 'v1.1.0'
    }

    It 'changes nothing with -WhatIf' {
        Undo-DewyDeploy -Root $root -WhatIf | Should -BeNullOrEmpty
        Get-LivePage -Root $root | Should -Be '<h1>v1.2.0</h1>'
    }
}
