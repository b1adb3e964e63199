#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Get-DewyReplica' {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $null = Invoke-DewyDeploy -Registry $registry.Url -Root $root
    }

    It 'shows nothing where nothing runs behind a proxy' {
        Get-DewyReplica -Root $root | Should -BeNullOrEmpty
        Get-DewyReplica -Root $root -Name 'myapp-*' | Should -BeNullOrEmpty
    }

    It 'tells of a name that is not there' {
        { Get-DewyReplica -Root $root -Name myapp-1-0 -ErrorAction Stop } | Should -Throw -ErrorId 'ReplicaNotFound,*'
    }

    It 'is given roots by Get-DewyAgent' {
        Get-DewyAgent -Root $root | Get-DewyReplica | Should -BeNullOrEmpty
    }
}

Describe 'The admin API of an agent in this session' {
    It 'answers while the agent runs, and is written down' {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $probe.Start()
        $port = [Math]::Min($probe.LocalEndpoint.Port, 65525)
        $probe.Stop()
        $job = Start-DewyAgent -Registry $registry.Url -Root $root -AdminPort $port
        try {
            Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.0.0' }
            $record = Get-Content -LiteralPath (Join-Path -Path $root -ChildPath .dewy/admin.json) -Raw | ConvertFrom-Json
            $record.process_id | Should -Be $PID
            (Invoke-RestMethod -Uri "$($record.url)api/status").current_version | Should -Be 'v1.0.0'
            (Invoke-WebRequest -Uri $record.url).Content | Should -Match '<title>Dewy</title>'
        } finally {
            $job | Stop-Job -PassThru | Remove-Job
        }
        Join-Path -Path $root -ChildPath .dewy/admin.json | Should -Not -Exist
    }
}
