#requires -Version 7.6
<#
.SYNOPSIS
    A server that inherits its socket, and what becomes of releases that are no good.
.DESCRIPTION
    On Linux and macOS the agent binds the port once and each version inherits the socket, so that no connection is
    refused while versions change. The program finds it as systemd's contract has it; where there is none to inherit it
    listens on the port in PORT. After the good v1.0.0 come v1.1.0, which starts and says that it is not well, and
    v1.2.0, which dies a moment after it went live. v1.0.0 serves all the while, and the history says what happened.
.EXAMPLE
    ./server.ps1
.EXAMPLE
    ./server.ps1 -Path ./server
    Get-DewyDeployment -Root ./server/root | Format-List
#>
[CmdletBinding()]
param(
    # A directory to make and to leave there, to look around; a temporary one that is removed at the end where left out.
    [string] $Path
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The module this example came with, or else the installed one.
$manifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath 'Dewy.psd1'
Import-Module -Name ((Test-Path -LiteralPath $manifest) ? $manifest : 'Dewy')

$work = $Path ? $Path : (Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "dewy-$([guid]::NewGuid())")
$work = (New-Item -ItemType Directory -Path $work).FullName
$registry = Join-Path -Path $work -ChildPath registry

# A web server by hand, because it is the socket that matters. A health other than 200 and a short life make bad releases.
$program = @'
$version, $health, $lifeSec = '{version}', '{health}', {lifeSec}
if ($env:LISTEN_FDS) {
    $socket = [System.Net.Sockets.Socket]::new([System.Net.Sockets.SafeSocketHandle]::new(3, $true))
} else {
    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, $env:PORT)
    $listener.Start()
    $socket = $listener.Server
}
$clock = [System.Diagnostics.Stopwatch]::StartNew()
while ($true) {
    if ($clock.Elapsed.TotalSeconds -gt $lifeSec) {
        [Console]::Error.WriteLine("$version has no more ideas.")
        exit 3
    }
    if (-not $socket.Poll(100000, 'SelectRead')) { continue }
    $client = $socket.Accept()
    $request = [byte[]]::new(8192)
    $length = $client.Receive($request)
    $asksForHealth = [System.Text.Encoding]::ASCII.GetString($request, 0, $length) -like 'GET /health *'
    $answer = "HTTP/1.1 $($asksForHealth ? $health : '200 OK')`r`nContent-Length: $($version.Length)`r`nConnection: close`r`n`r`n$version"
    $null = $client.Send([System.Text.Encoding]::ASCII.GetBytes($answer))
    $client.Shutdown('Send')
    $client.Dispose()
}
'@

function Publish-Release {
    param([Parameter(Mandatory)] [string] $Tag, [string] $Health = '200 OK', [int] $LifeSec = 3600)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    $text = $program.Replace('{version}', $Tag).Replace('{health}', $Health).Replace('{lifeSec}', $LifeSec)
    Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath server.ps1) -Value $text
    tar -czf (Join-Path -Path $draft -ChildPath server.tar.gz) -C $draft server.ps1
    Remove-Item -LiteralPath (Join-Path -Path $draft -ChildPath server.ps1)
    Rename-Item -LiteralPath $draft -NewName $Tag
}

# A port that was free a moment ago; a server of yours has one that everybody knows.
$probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
$probe.Start()
$port = $probe.LocalEndpoint.Port
$probe.Stop()

$app = @{
    Registry         = "file://$registry"
    Root             = Join-Path -Path $work -ChildPath root
    Name             = 'server'
    Command          = 'pwsh', '-NoProfile', '-File', './current/server.ps1'
    Port             = "127.0.0.1:$port"
    HealthPath       = '/health'
    HealthTimeoutSec = 3
    WatchTimeSec     = 20
    IntervalSec      = 1
}
$agent = $null
try {
    Publish-Release -Tag v1.0.0
    $agent = Start-DewyAgent @app
    $agent | Receive-Job -Wait | Select-Object -First 1
    Write-Host "http://127.0.0.1:$port/ answers $(Invoke-RestMethod -Uri "http://127.0.0.1:$port/")."

    Publish-Release -Tag v1.1.0 -Health '503 Service Unavailable'
    $agent | Receive-Job -Wait | Select-Object -First 1
    Write-Host "http://127.0.0.1:$port/ answers $(Invoke-RestMethod -Uri "http://127.0.0.1:$port/")."

    # It goes live, and is taken back when it dies within the watch time: two entries in the history.
    Publish-Release -Tag v1.2.0 -LifeSec 3
    $agent | Receive-Job -Wait | Select-Object -First 2
    Write-Host "http://127.0.0.1:$port/ answers $(Invoke-RestMethod -Uri "http://127.0.0.1:$port/")."

    # What went wrong, and what to do about it.
    Get-DewyDeployment -Root $app.Root -Result Failed, RolledBack | Format-List -Property Tag, Result, Error
    Get-DewyAgent -Root $app.Root | Format-List -Property Current, Blocked
} finally {
    if ($agent) { $agent | Stop-Job -PassThru | Remove-Job }
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
