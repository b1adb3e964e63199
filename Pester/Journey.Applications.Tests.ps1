#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Applications of a configuration file' {
    BeforeEach {
        $folder = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid()))
        $one, $two = 'one', 'two' | ForEach-Object {
            $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath "registry-$_")
            Publish-TestRelease -Registry $registry -Tag v1.0.0
            [pscustomobject]@{ Registry = $registry; Root = Join-Path -Path $folder -ChildPath $_ }
        }
        $file = Join-Path -Path $folder -ChildPath dewy.json
        @{
            'admin-port' = 0
            interval     = '1s'
            applications = @{
                one = @{ registry = $one.Registry.Url; root = $one.Root }
                two = @{ registry = $two.Registry.Url; root = $two.Root }
            }
        } | ConvertTo-Json -Depth 5 | Set-Content -LiteralPath $file
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'deploys each once' {
        (Invoke-DewyDeploy -Config $file).Tag | Should -Be v1.0.0, v1.0.0
        foreach ($application in $one, $two) { Get-LivePage -Root $application.Root | Should -Be '<h1>v1.0.0</h1>' }
    }

    It 'deploys the one that is named' {
        (Invoke-DewyDeploy -Config $file -Application two).Tag | Should -Be v1.0.0
        $one.Root | Should -Not -Exist
    }

    It 'keeps each at its newest release, a job an application' {
        $jobs = Start-DewyAgent -Config $file
        $jobs.Name | Sort-Object | Should -Be one, two
        ($jobs | Get-DewyAgent).Name | Sort-Object | Should -Be one, two
        ((Test-DewyConfiguration -Config $file) | Where-Object -Property Name -EQ agent).Message | Should -BeLike 'An agent works in this root*'
        Publish-TestRelease -Registry $two.Registry -Tag v1.1.0
        Wait-Until { (Get-DewyAgent -Root $two.Root).Current?.Tag -eq 'v1.1.0' -and (Get-DewyAgent -Root $one.Root).Current }
        Get-LivePage -Root $one.Root | Should -Be '<h1>v1.0.0</h1>'
    }

    It 'lets one go on when another fails or is stopped' {
        $null = Start-DewyAgent -Config $file
        Wait-Until { (Get-DewyAgent -Root $one.Root).Current -and (Get-DewyAgent -Root $two.Root).Current }
        Publish-TestRelease -Registry $one.Registry -Tag v1.1.0 -WrongChecksum
        Publish-TestRelease -Registry $two.Registry -Tag v1.1.0
        Wait-Until { Get-DewyDeployment -Root $one.Root -Result Failed }
        Wait-Until { (Get-DewyAgent -Root $two.Root).Current.Tag -eq 'v1.1.0' }
        Get-LivePage -Root $one.Root | Should -Be '<h1>v1.0.0</h1>'

        Stop-DewyAgent -Name one
        Publish-TestRelease -Registry $two.Registry -Tag v1.2.0
        Wait-Until { (Get-DewyAgent -Root $two.Root).Current.Tag -eq 'v1.2.0' }
        (Get-DewyAgent -Root $one.Root).State | Should -Be Stopped
    }
}
