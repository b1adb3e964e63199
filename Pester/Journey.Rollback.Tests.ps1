#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'The way back' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        foreach ($tag in 'v1.0.0', 'v1.1.0') {
            Publish-TestRelease -Registry $registry -Tag $tag
            $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
        }
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'needs no registry' {
        Rename-Item -LiteralPath $registry.Path -NewName gone
        (Undo-DewyDeploy -Root $root).Tag | Should -Be v1.0.0
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'
        (Get-DewyDeployment -Root $root -First 1).RequestedBy | Should -BeLike 'rollback*'
    }

    It 'is gone by an agent that runs, without its registry too, and it stays there until it is resumed' {
        $null = Start-DewyAgent -Registry $registry.Url -Root $root -IntervalSec 1
        Rename-Item -LiteralPath $registry.Path -NewName gone
        (Undo-DewyDeploy -Root $root).Tag | Should -Be v1.0.0
        Rename-Item -LiteralPath (Join-Path -Path $folder -ChildPath gone) -NewName registry
        Publish-TestRelease -Registry $registry -Tag v1.2.0
        Wait-Until { (Get-DewyAgent -Root $root).NewestTag -eq 'v1.2.0' }
        Get-LivePage -Root $root | Should -Be '<h1>v1.0.0</h1>'

        Resume-DewyAgent -Root $root
        Wait-Until { (Get-DewyAgent -Root $root).Current.Tag -eq 'v1.2.0' }
        Get-LivePage -Root $root | Should -Be '<h1>v1.2.0</h1>'
    }

    It 'leads forward again by the same command' {
        $null = Undo-DewyDeploy -Root $root
        (Undo-DewyDeploy -Root $root).Tag | Should -Be v1.1.0
        Get-LivePage -Root $root | Should -Be '<h1>v1.1.0</h1>'
    }
}
