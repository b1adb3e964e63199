#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Invoke-DewyDeploy' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    It 'deploys the newest release, then has nothing to do, then follows the next one' {
        (Invoke-DewyDeploy -Registry $registry.Url -Root $root).Tag | Should -Be 'v1.0.0'
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        $deployment = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        $deployment.PreviousTag | Should -Be 'v1.0.0'
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
    }

    It 'deploys into the current location where -Root is left out' {
        Push-Location -LiteralPath $root
        try {
            $null = Invoke-DewyDeploy -Registry $registry.Url
        } finally {
            Pop-Location
        }
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'plans with -WhatIf and changes nothing' {
        $plan = Invoke-DewyDeploy -Registry $registry.Url -Root $root -WhatIf
        $plan | Should -BeOfType Dewy.DeploymentPlan
        $plan.Wanted.Tag | Should -Be 'v1.0.0'
        $plan.Steps.Count | Should -BeGreaterThan 1
        Join-Path -Path $root -ChildPath current | Should -Not -Exist
        Join-Path -Path $root -ChildPath releases | Should -Not -Exist
    }

    It 'leaves the live release alone when the next one does not verify' {
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        Publish-TestRelease -Registry $registry -Tag v1.1.0 -WrongChecksum
        { Invoke-DewyDeploy -Registry $registry.Url -Root $root -ErrorAction Stop } | Should -Throw -ErrorId 'ChecksumMismatch,*'
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
        (Get-DewyDeployment -Root $root -First 1).Result | Should -Be Failed
    }

    It 'runs hooks, script blocks too' {
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root `
            -BeforeDeployHook { "$env:DEWY_HOOK $env:DEWY_TAG" | Set-Content -LiteralPath before.txt } `
            -AfterDeployHook { "$env:DEWY_HOOK $env:DEWY_TAG" | Set-Content -LiteralPath after.txt }
        Get-Content -LiteralPath (Join-Path -Path $root -ChildPath before.txt) | Should -BeLike '*v1.0.0'
        Get-Content -LiteralPath (Join-Path -Path $root -ChildPath after.txt) | Should -BeLike '*v1.0.0'
    }

    It 'stops at a failed hook with -OnHookFailure Abort' {
        { Invoke-DewyDeploy -Registry $registry.Url -Root $root -BeforeDeployHook 'exit 3' -OnHookFailure Abort -ErrorAction Stop } | Should -Throw -ErrorId 'HookFailed,*'
        Join-Path -Path $root -ChildPath current | Should -Not -Exist
    }

    It 'reports without stopping at a failed hook otherwise' {
        $deployment = Invoke-DewyDeploy -Registry $registry.Url -Root $root -BeforeDeployHook 'exit 3' -WarningVariable warnings -WarningAction SilentlyContinue
        $deployment.Result | Should -Be Succeeded
        "$warnings" | Should -Match 'Hook BeforeDeploy failed'
    }

    It 'deploys many roots by property name' {
        $other = New-TestRoot -Path (Join-Path -Path $folder -ChildPath other)
        $rows = foreach ($place in $root, $other) { [pscustomobject]@{ Registry = $registry.Url; Root = $place } }
        ($rows | Invoke-DewyDeploy).Tag | Should -Be @('v1.0.0', 'v1.0.0')
        Get-LivePage -Root $other | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'says in the verbose stream what it does' {
        $said = Invoke-DewyDeploy -Registry $registry.Url -Root $root -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$said" | Should -Match 'Cached artifact'
    }

    It 'names the parameter that is wrong' {
        { Invoke-DewyDeploy -Registry $registry.Url -Root $root -Window nonsense } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-Window*'
    }
}
