#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'A worker under an agent' -Skip:$IsWindows {
    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        # The page says which version runs; exec makes the shell the worker itself.
        $agent = @{
            Registry    = $registry.Url
            Root        = $root
            Command     = 'sh', '-c', 'echo "running $(cat current/index.html)"; exec sleep 1000'
            IntervalSec = 1
        }
        Publish-TestRelease -Registry $registry -Tag v1.0.0
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    It 'is started, replaced by the next version, and ended with the agent' {
        $job = Start-DewyAgent @agent
        Wait-Until { (Get-DewyAgent -Root $root).Processes.Where{ $_.Ready -and $_.Tag -eq 'v1.0.0' } }
        Publish-TestRelease -Registry $registry -Tag v1.1.0
        Wait-Until { (Get-DewyAgent -Root $root).Processes.Where{ $_.Ready -and $_.Tag -eq 'v1.1.0' } }
        $worker = (Get-DewyAgent -Root $root).Processes.Where{ $_.Tag -eq 'v1.1.0' }[0].ProcessId
        Get-Process -Id $worker | Should -Not -BeNullOrEmpty

        Stop-Job -Job $job

        Get-Process -Id $worker -ErrorAction Ignore | Should -BeNullOrEmpty
        $job.State | Should -Be Stopped
    }

    It 'is heard in the information stream' {
        $job = Start-DewyAgent @agent
        Wait-Until { "$($job.Information.MessageData)" -match 'running <h1>v1\.0\.0' }
        $job.Information.Where{ $_.Tags -contains 'DewyApplication' }.Count | Should -BeGreaterThan 0
    }

    It 'ends with the module' {
        $script = "
            Import-Module '$(Get-DewyManifestPath)'
            `$null = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root' -Command sleep, 1000 -StartWaitSec 0
            while (-not (`$worker = (Get-DewyAgent -Root '$root').Processes[0].ProcessId)) { Start-Sleep -Milliseconds 50 }
            Remove-Module Dewy
            `$worker
            [bool](Get-Process -Id `$worker -ErrorAction Ignore)
        "
        $worker, $alive = & (Get-Process -Id $PID).Path -NoProfile -Command $script
        $worker | Should -BeGreaterThan 0
        $alive | Should -Be 'False'
    }

    It 'is a failed deployment when the command is missing, and the agent goes on' {
        $agent.Command = './current/nothing-here'
        Start-DewyAgent @agent | Should -BeOfType Dewy.PowerShell.Jobs.AgentJob
        Wait-Until { (Get-DewyDeployment -Root $root -Result Failed) }
        (Get-DewyDeployment -Root $root -First 1).Error.Code | Should -Be CommandNotFound
    }
}
