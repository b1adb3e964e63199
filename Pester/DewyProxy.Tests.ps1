#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest

    function Start-TestBackend {
        <# A web server in a thread of its own that answers every request with the given text. #>
        param([Parameter(Mandatory)] [string] $Text)
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $job = Start-ThreadJob -ArgumentList $listener, $Text -ScriptBlock {
            param($Listener, $Text)
            while ($true) {
                $client = $Listener.AcceptTcpClient()
                $stream = $client.GetStream()
                $null = $stream.Read([byte[]]::new(8192), 0, 8192)
                $answer = "HTTP/1.1 200 OK`r`nContent-Length: $($Text.Length)`r`nConnection: close`r`n`r`n$Text"
                $stream.Write([System.Text.Encoding]::ASCII.GetBytes($answer))
                $client.Dispose()
            }
        }
        [pscustomobject]@{ Listener = $listener; Job = $job; Address = $listener.LocalEndpoint.ToString() }
    }
}

Describe 'Start-DewyProxy, Get-DewyProxy, Set-DewyProxy and Stop-DewyProxy' {
    BeforeAll {
        $blue = Start-TestBackend -Text blue
        $green = Start-TestBackend -Text green
    }

    AfterEach {
        Get-DewyProxy | Stop-DewyProxy
    }

    AfterAll {
        foreach ($backend in $blue, $green) {
            $backend.Listener.Stop()
            Remove-Job -Job $backend.Job -Force
        }
    }

    It 'passes requests on' {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
        $proxy | Should -BeOfType Dewy.ProxyStatus
        Invoke-RestMethod -Uri "http://$($proxy.Listen[0])/" | Should -Be blue
        (Get-DewyProxy -Name proxy).Requests | Should -Be 1
    }

    It 'switches to other backends' {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name switch
        Set-DewyProxy -Name switch -Backend $green.Address
        $deadline = [datetime]::UtcNow.AddSeconds(30)
        while ((Get-DewyProxy -Name switch).Backends.Name -ne $green.Address -and [datetime]::UtcNow -lt $deadline) {
            Start-Sleep -Milliseconds 50
        }
        Invoke-RestMethod -Uri "http://$($proxy.Listen[0])/" | Should -Be green
    }

    It 'shows a backend that does not answer, and why' {
        $nobody = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $nobody.Start()
        $address = $nobody.LocalEndpoint.ToString()
        $nobody.Stop()
        $proxy = Start-DewyProxy -Backend $blue.Address, $address -Port 127.0.0.1:0
        $waiting = $proxy.Backends.Where{ $_.Name -eq $address }
        $waiting.State | Should -Be Unhealthy
        $waiting.Problem | Should -Be 'connection refused'
        $proxy | Out-String | Should -BeLike '*1 of 2 healthy*'
    }

    It 'stops, and its port is free' {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
        Stop-DewyProxy -Name proxy
        Get-DewyProxy | Should -BeNullOrEmpty
        { Invoke-RestMethod -Uri "http://$($proxy.Listen[0])/" } | Should -Throw
    }

    It 'refuses a port that is taken' {
        { Start-DewyProxy -Backend $blue.Address -Port $green.Address } | Should -Throw -ErrorId 'PortInUse*'
    }

    It 'says what it does not know' {
        Stop-DewyProxy -Name nobody -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.FullyQualifiedErrorId | Should -BeLike 'AgentNotFound*'
    }

    It 'shows what matters, not type names' {
        $null = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
        Get-DewyProxy | Out-String -Width 160 | Should -Match '1 of 1 healthy'
        (Get-DewyProxy).Backends | Out-String -Width 160 | Should -Match 'Healthy'
    }
}

Describe 'Test-DewyHealth' {
    BeforeAll {
        $backend = Start-TestBackend -Text fine
    }

    AfterAll {
        $backend.Listener.Stop()
        Remove-Job -Job $backend.Job -Force
    }

    It 'asks over HTTP' {
        $result = Test-DewyHealth -Address $backend.Address -HealthPath /health
        $result.Healthy | Should -BeTrue
        $result.Answer | Should -Be '200 OK'
    }

    It 'says that nobody is there' {
        $free = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $free.Start()
        $address = $free.LocalEndpoint.ToString()
        $free.Stop()
        Test-DewyHealth -Address $address -TimeoutSec 1 -Quiet | Should -BeFalse
    }
}
