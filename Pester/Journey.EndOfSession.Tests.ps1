#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest

    function Test-Alive {
        param([Parameter(Mandatory)] [int] $Id)
        [bool](Get-Process -Id $Id -ErrorAction Ignore)
    }
}

Describe 'The end of an agent by <_>' -Skip:$IsWindows -ForEach 'Stop-Job -Job $job', 'Remove-Job -Job $job -Force', 'Remove-Module Dewy', 'exit' {
    BeforeAll {
        $end = $_
    }

    BeforeEach {
        $folder = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        $registry = New-TestRegistry -Path (Join-Path -Path $folder -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $folder -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
    }

    It 'leaves no program, no listener and no lock' {
        $address = Get-FreeAddress
        $worker = Start-DewyScript -Script "
            `$job = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root' -Command sleep, 1000 -StartWaitSec 0 -Port $address -StopTimeoutSec 5
            Wait-Until { (Get-DewyAgent -Root '$root').Processes.Where{ `$_.Ready } }
            (Get-DewyAgent -Root '$root').Processes[0].ProcessId
            Test-Listening -Address $address
            $end
        "
        $worker[1] | Should -Be True
        Test-Alive -Id $worker[0] | Should -BeFalse
        Test-Listening -Address $address | Should -BeFalse
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
        { Invoke-DewyDeploy -Registry $registry.Url -Root $root } | Should -Not -Throw
    }

    It 'leaves no program behind the proxy, and no proxy' {
        $said = Start-DewyScript -Script "
            `$job = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root' -Command python3, -m, http.server, --bind, 127.0.0.1, '{port}' -Handoff Proxy -Replicas 2 -Port 127.0.0.1:0 -StopTimeoutSec 5 -DrainTimeSec 5
            Wait-Until -TimeoutSec 60 { (Get-DewyAgent -Root '$root').Replicas.Where{ `$_.State -eq 'Healthy' }.Count -eq 2 }
            (Get-DewyAgent -Root '$root').Proxy.Listen[0]
            (Get-DewyAgent -Root '$root').Replicas.ProcessId
            $end
        "
        $said.Count | Should -Be 3
        Test-Listening -Address $said[0] | Should -BeFalse
        $said[1..2].Where{ Test-Alive -Id $_ } | Should -BeNullOrEmpty
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
    }

    It 'gives up a deployment under way: its hook ends, and nothing is live' {
        $note = Join-Path -Path $folder -ChildPath hook.txt
        Start-DewyScript -Script "
            `$job = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root' -BeforeDeployHook 'echo `$`$ > $note.new && mv $note.new $note && sleep 1000'
            Wait-Until { Test-Path -LiteralPath '$note' }
            $end
        "
        Test-Alive -Id (Get-Content -LiteralPath $note) | Should -BeFalse
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
        Join-Path -Path $root -ChildPath current | Should -Not -Exist
        Get-ChildItem -LiteralPath (Join-Path -Path $root -ChildPath releases) -Force -ErrorAction Ignore -Filter '*.partial' | Should -BeNullOrEmpty
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 60
        (Invoke-DewyDeploy -Registry $registry.Url -Root $root).Tag | Should -Be v1.0.0
    }

    It 'gives up a release that is not ready yet: its program ends, and the one before goes on until then' {
        $release = Join-Path -Path $folder -ChildPath pid
        $workers = Start-DewyScript -Script "
            `$job = Start-DewyAgent -Registry '$($registry.Url)' -Root '$root' -IntervalSec 1 -StopTimeoutSec 5 -StartWaitSec 1 -Command sh, -c, 'echo `$`$ >> $release; if grep -q v1.1.0 current/index.html; then trap : TERM; fi; exec sleep 1000' -Overlap
            Wait-Until { (Get-DewyAgent -Root '$root').Processes.Where{ `$_.Ready -and `$_.Tag -eq 'v1.0.0' } }
            Publish-TestRelease -Registry (New-TestRegistry -Path '$($registry.Path)') -Tag v1.1.0
            Wait-Until { @(Get-Content -LiteralPath '$release').Count -eq 2 }
            Get-Content -LiteralPath '$release'
            $end
        "
        $workers.Count | Should -Be 2
        $workers.Where{ Test-Alive -Id $_ } | Should -BeNullOrEmpty
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
    }
}

Describe 'The end of a proxy by <_>' -ForEach 'Stop-DewyProxy -Name proxy', 'Remove-Module Dewy', 'exit' {
    It 'leaves no listener, and ends within the drain time with a request in flight' {
        $backend = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $backend.Start()
        try {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $listen, $inFlight = Start-DewyScript -Script "
                `$proxy = Start-DewyProxy -Backend $($backend.LocalEndpoint) -Port 127.0.0.1:0 -DrainTimeSec 1
                `$client = [System.Net.Sockets.TcpClient]::new()
                `$client.Connect([System.Net.IPEndPoint]::Parse(`$proxy.Listen[0]))
                `$client.GetStream().Write([System.Text.Encoding]::ASCII.GetBytes(`"GET / HTTP/1.1``r``nHost: a``r``n``r``n`"))
                Wait-Until { (Get-DewyProxy -Name proxy).InFlight -eq 1 }
                `$proxy.Listen[0]
                (Get-DewyProxy -Name proxy).InFlight
                $_
            "
            $inFlight | Should -Be 1
            Test-Listening -Address $listen | Should -BeFalse
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 45
        } finally {
            $backend.Stop()
        }
    }
}
