#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Invoke-DewyHook' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
    }

    It 'runs a script block for the live release' {
        $result = Invoke-DewyHook -Kind AfterDeploy -Command { "$env:DEWY_HOOK $env:DEWY_TAG" } -Root $root
        $result | Should -BeOfType Dewy.HookResult
        $result.Succeeded | Should -BeTrue
        $result.StandardOutput.Trim() | Should -Be 'after-deploy v1.0.0'
    }

    It 'writes the result and an error when the hook fails' {
        $result = Invoke-DewyHook -Kind BeforeDeploy -Command { exit 3 } -Root $root -ErrorAction SilentlyContinue -ErrorVariable problems
        $result.ExitCode | Should -Be 3
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'HookFailed,*'
    }

    It 'runs nothing with -WhatIf' {
        Invoke-DewyHook -Kind AfterDeploy -Command { New-Item -Path ran } -Root $root -WhatIf
        Join-Path -Path $root -ChildPath ran | Should -Not -Exist
    }
}
