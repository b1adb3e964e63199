#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Save-DewyRelease' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    It 'fetches, verifies and caches' {
        $cached = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root
        $cached | Should -BeOfType Dewy.CachedArtifact
        $cached.Key | Should -Be 'v1.0.0--site.zip'
        $cached.Downloaded | Should -BeTrue
        $cached.VerifiedBy | Should -Contain 'site.zip.sha256'
        $cached.Path | Should -Exist
        "$($cached.Digest)" | Should -Be "sha256:$((Get-FileHash -LiteralPath $cached.Path -Algorithm SHA256).Hash.ToLowerInvariant())"
    }

    It 'does not download a second time' {
        $null = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root
        (Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root).Downloaded | Should -BeFalse
    }

    It 'takes registry and tag from properties' {
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        $row = [pscustomobject]@{ Registry = $registry.Url; Tag = 'v1.0.0'; Root = $root }
        ($row | Save-DewyRelease).Tag | Should -Be 'v1.0.0'
    }

    It 'refuses what is not what was published' {
        Publish-TestRelease -Registry $registry -Tag v1.1.0 -WrongChecksum
        { Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -ErrorAction Stop } | Should -Throw -ErrorId 'ChecksumMismatch,*'
        Join-Path -Path $root -ChildPath '.dewy/cache/v1.1.0--site.zip' | Should -Not -Exist
    }

    It 'requires a checksum with -VerifyChecksum Required' {
        Remove-Item -LiteralPath (Join-Path -Path $registry.Path -ChildPath 'v1.0.0/site.zip.sha256')
        { Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -VerifyChecksum Required -ErrorAction Stop } | Should -Throw -ErrorId 'ChecksumMissing,*'
    }

    It 'keeps to -MaxArtifactSize' {
        { Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -MaxArtifactSize 10 -ErrorAction Stop } | Should -Throw -ErrorId 'DownloadTooLarge,*'
    }

    It 'caches elsewhere with -Cache' {
        $cache = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        (Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -Cache $cache).Path | Should -BeLike "$cache*"
    }

    It 'changes nothing with -WhatIf' {
        Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -WhatIf | Should -BeNullOrEmpty
        Join-Path -Path $root -ChildPath '.dewy/cache/v1.0.0--site.zip' | Should -Not -Exist
    }
}
