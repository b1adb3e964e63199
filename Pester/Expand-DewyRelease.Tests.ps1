#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Expand-DewyRelease' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0 -Files @{ 'config/app.json' = '{}'; 'deep/down/file.txt' = 'x' }
        $cached = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root
    }

    It 'extracts into releases and leaves current alone' {
        $release = $cached | Expand-DewyRelease
        $release | Should -BeOfType Dewy.ExpandedRelease
        $release.IsCurrent | Should -BeFalse
        Split-Path -Path $release.Path | Should -Be (Join-Path -Path $root -ChildPath releases)
        Join-Path -Path $release.Path -ChildPath 'deep/down/file.txt' | Should -Exist
        Join-Path -Path $root -ChildPath current | Should -Not -Exist
    }

    It 'finds a cached release by its tag' {
        (Expand-DewyRelease -Tag v1.0.0 -Root $root).Tag | Should -Be 'v1.0.0'
    }

    It 'is a non-terminating error when the tag is not cached' {
        Expand-DewyRelease -Tag v9 -Root $root -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ReleaseNotFound,*'
    }

    It 'links what is shared' {
        $null = New-Item -ItemType Directory -Path (Join-Path -Path $root -ChildPath 'shared/config') -Force
        Set-Content -LiteralPath (Join-Path -Path $root -ChildPath 'shared/config/app.json') -Value '{"shared":true}'
        $release = $cached | Expand-DewyRelease -Shared config/app.json, log/
        Get-Content -LiteralPath (Join-Path -Path $release.Path -ChildPath 'config/app.json') | Should -Be '{"shared":true}'
        (Get-Item -LiteralPath (Join-Path -Path $release.Path -ChildPath log)).LinkType | Should -Not -BeNullOrEmpty
    }

    It 'stops at a shared file that is missing' {
        { $cached | Expand-DewyRelease -Shared config/none.json -ErrorAction Stop } | Should -Throw -ErrorId 'SharedFileMissing,*'
    }

    It 'changes nothing with -WhatIf' {
        $cached | Expand-DewyRelease -WhatIf | Should -BeNullOrEmpty
        Join-Path -Path $root -ChildPath 'releases/*' | Should -Not -Exist
    }
}
