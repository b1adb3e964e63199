#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Get-DewyRelease' {
    BeforeAll {
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath registry)
        foreach ($tag in 'v1.0.0', 'v1.2.0', 'v1.10.0', 'v2.0.0-rc.1', 'not-a-version') {
            Publish-TestRelease -Registry $registry -Tag $tag
        }
    }

    It 'writes the newest release with its artifact' {
        $release = Get-DewyRelease -Registry $registry.Url
        $release | Should -BeOfType Dewy.Release
        $release.Tag | Should -Be 'v1.10.0'
        $release.IsNewest | Should -BeTrue
        $release.Artifact.Name | Should -Be 'site.zip'
        $release.CacheKey | Should -Be 'v1.10.0--site.zip'
    }

    It 'writes all of them with -All, newest first' {
        (Get-DewyRelease -Registry $registry.Url -All).Tag | Should -Be @('v1.10.0', 'v1.2.0', 'v1.0.0')
    }

    It 'marks the newest in the table' {
        $rows = (Get-DewyRelease -Registry $registry.Url -All | Format-Table | Out-String).Trim() -split '\r?\n'
        $rows[-3] | Should -Match '^v1\.10\.0 +\* '
        $rows[-2] | Should -Not -Match '\*'
    }

    It 'takes registries from the pipeline and from properties' {
        ($registry.Url | Get-DewyRelease).Tag | Should -Be 'v1.10.0'
        ([pscustomobject]@{ Registry = $registry.Url } | Get-DewyRelease).Tag | Should -Be 'v1.10.0'
    }

    It 'knows pre-releases and ranges' {
        (Get-DewyRelease -Registry "$($registry.Url)&pre-release=true").Tag | Should -Be 'v2.0.0-rc.1'
        (Get-DewyRelease -Registry "$($registry.Url)&constraint=~1.2").Tag | Should -Be 'v1.2.0'
    }

    It 'finds a relative registry from the current location' {
        Push-Location -LiteralPath $TestDrive
        try {
            (Get-DewyRelease -Registry 'file://./registry?artifact=site.zip').Tag | Should -Be 'v1.10.0'
        } finally {
            Pop-Location
        }
    }

    It 'is an error with a next step when there is no such registry' {
        Get-DewyRelease -Registry "$($registry.Url.Replace('/registry?', '/nowhere?'))" -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Be 'RegistryNotFound,Dewy.PowerShell.Cmdlets.GetDewyReleaseCommand'
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'is a terminating error when the URL is wrong' {
        { Get-DewyRelease -Registry 'nonsense://x' } | Should -Throw -ErrorId 'InvalidOption,*'
    }

    It 'is an error when no version matches' {
        { Get-DewyRelease -Registry "$($registry.Url)&constraint=^9" -ErrorAction Stop } | Should -Throw -ErrorId 'NoMatchingVersion,*'
    }

    It 'shows a table, not type names' {
        $shown = Get-DewyRelease -Registry $registry.Url | Out-String
        $shown | Should -Match 'v1\.10\.0'
        $shown | Should -Match 'Artifact'
        $shown | Should -Not -Match 'Dewy\.'
    }
}
