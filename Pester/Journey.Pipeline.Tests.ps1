#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'A deployment in single phases' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    It 'is what Invoke-DewyDeploy does, and has nothing more to do' {
        $deployment = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root | Expand-DewyRelease | Switch-DewyRelease
        $other = New-TestRoot -Path (Join-Path -Path $folder -ChildPath other)
        $whole = Invoke-DewyDeploy -Registry $registry.Url -Root $other
        $deployment.Tag, $deployment.Result | Should -Be $whole.Tag, $whole.Result
        Get-LivePage -Root $root | Should -Be (Get-LivePage -Root $other)
        Get-ChildItem -LiteralPath $root -Force -Name | Should -Be (Get-ChildItem -LiteralPath $other -Force -Name)
        Invoke-DewyDeploy -Registry $registry.Url -Root $root | Should -BeNullOrEmpty
    }

    It 'has room for a look between the phases: what is not switched does not go live' {
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        $release = Get-DewyRelease -Registry $registry.Url
        $artifact = $release | Save-DewyRelease -Root $root
        $artifact.VerifiedBy | Should -Be site.zip.sha256
        $expanded = $artifact | Expand-DewyRelease
        Get-Content -LiteralPath (Join-Path -Path $expanded.Path -ChildPath index.html) -Raw | Should -Be '<h1>v1.1.0</h1>'
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
        $null = $expanded | Switch-DewyRelease
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
        (Get-DewyDeployment -Root $root).Tag | Should -Be v1.1.0, v1.0.0
    }

    It 'ends at the phase that fails, and the rest is as before' {
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        Publish-TestRelease -Registry $registry -Tag v1.1.0 -WrongChecksum
        $written = Get-DewyRelease -Registry $registry.Url | Save-DewyRelease -Root $root -ErrorVariable failure -ErrorAction SilentlyContinue | Expand-DewyRelease | Switch-DewyRelease
        $written | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ChecksumMismatch,*'
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
    }
}
