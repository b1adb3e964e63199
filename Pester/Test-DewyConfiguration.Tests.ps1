#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest

    function Get-Snapshot {
        param([Parameter(Mandatory)] [string] $Path)
        Get-ChildItem -LiteralPath $Path -Recurse -Force | ForEach-Object -Process { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" }
    }
}

Describe 'Test-DewyConfiguration' {
    BeforeAll {
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath registry)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $root = Join-Path -Path $TestDrive -ChildPath root
    }

    It 'passes what is as it should be and changes nothing' {
        $before = Get-Snapshot -Path $TestDrive
        $checks = Test-DewyConfiguration -Registry $registry.Url -Root $root -AdminPort 0
        $checks | Should -BeOfType Dewy.ConfigurationCheck
        $checks | Where-Object -Property Result -EQ Failed | Should -BeNullOrEmpty
        ($checks | Where-Object -Property Name -EQ release).Message | Should -BeLike '*v1.0.0*site.zip*'
        Get-Snapshot -Path $TestDrive | Should -Be $before
    }

    It 'tells what is wrong and what to do, as objects' {
        $check = Test-DewyConfiguration -Registry 'file:///no/such/folder' -Root $root | Where-Object -Property Name -EQ registry
        $check.Result | Should -Be Failed
        $check.Code | Should -Be RegistryNotFound
        $check.NextStep | Should -Not -BeNullOrEmpty
    }

    It 'is a truth value with -Quiet' {
        Test-DewyConfiguration -Registry $registry.Url -Root $root -AdminPort 0 -Quiet | Should -BeTrue
        Test-DewyConfiguration -Registry 'file:///no/such/folder' -Root $root -Quiet | Should -BeFalse
    }

    It 'takes applications of a file, secrets by reference included' {
        $env:DEWY_TEST_SECRET = 'canary-of-the-test'
        try {
            $file = Join-Path -Path $TestDrive -ChildPath dewy.json
            @{
                'admin-port' = 0
                applications = @{
                    one = @{ registry = $registry.Url; root = (Join-Path -Path $TestDrive -ChildPath one); notifier = 'webhook://127.0.0.1:1/${env:DEWY_TEST_SECRET}' }
                    two = @{ registry = $registry.Url; root = (Join-Path -Path $TestDrive -ChildPath two) }
                }
            } | ConvertTo-Json -Depth 5 | Set-Content -LiteralPath $file
            $checks = Test-DewyConfiguration -Config $file
            $checks.Application | Sort-Object -Unique | Should -Be 'one', 'two'
            $notifier = $checks | Where-Object -Property Name -EQ notifier
            $notifier.Result | Should -Be Failed
            $checks | Format-List | Out-String | Should -Not -BeLike '*canary-of-the-test*'
            Test-DewyConfiguration -Config $file -Application two -Quiet | Should -BeTrue
        } finally {
            Remove-Item -Path Env:DEWY_TEST_SECRET
        }
    }

    It 'names file, line and column of what cannot be read' {
        $file = Join-Path -Path $TestDrive -ChildPath wrong.json
        Set-Content -LiteralPath $file -Value "{`n  `"registri`": `"file:///x`"`n}"
        $check = Test-DewyConfiguration -Config $file
        $check.Result | Should -Be Failed
        $check.Message | Should -BeLike '*wrong.json(2,3): "registri" is not an option. Did you mean registry?*'
    }

    It 'shows a table grouped by application' {
        Test-DewyConfiguration -Registry $registry.Url -Root $root -AdminPort 0 | Out-String | Should -Match 'Application: registry'
    }
}

Describe 'Applications of a configuration file' {
    BeforeAll {
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath registry)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $file = Join-Path -Path $TestDrive -ChildPath dewy.json
        @{
            'admin-port' = 0
            applications = @{
                one = @{ registry = $registry.Url; root = (Join-Path -Path $TestDrive -ChildPath one) }
                two = @{ registry = $registry.Url; root = (Join-Path -Path $TestDrive -ChildPath two) }
            }
        } | ConvertTo-Json -Depth 5 | Set-Content -LiteralPath $file
    }

    It 'deploys each once' {
        $deployments = Invoke-DewyDeploy -Config $file
        $deployments.Tag | Should -Be 'v1.0.0', 'v1.0.0'
        Get-LivePage -Root (Join-Path -Path $TestDrive -ChildPath one) | Should -Be '<h1>v1.0.0</h1>'
        Get-LivePage -Root (Join-Path -Path $TestDrive -ChildPath two) | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'keeps each at its newest release, a job an application' {
        $jobs = Start-DewyAgent -Config $file
        try {
            $jobs.Name | Sort-Object | Should -Be 'one', 'two'
            ($jobs | Get-DewyAgent).Name | Sort-Object | Should -Be 'one', 'two'
            $checks = Test-DewyConfiguration -Config $file
            ($checks | Where-Object -Property Name -EQ agent).Message | Should -BeLike 'An agent works in this root*'
        } finally {
            $jobs | Stop-Job -PassThru | Remove-Job
        }
    }
}
