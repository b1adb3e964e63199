#requires -Version 7.6
<#
.SYNOPSIS
    The proxy by itself: two backends behind one port, one that fails, and a switch that ends no request.
.DESCRIPTION
    Starts three small web servers and a proxy in front of two of them. One of the two stops answering: nobody notices
    but the proxy. Then a slow request is sent and the proxy is switched to the third server while it is under way: it is
    finished by the server that has it, and what comes later is answered by the new one.
.EXAMPLE
    ./proxy.ps1
#>
[CmdletBinding()]
param(
    # Where the proxy listens; a free port of this host where left out.
    [string] $Port = '127.0.0.1:0'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The module this example came with, or else the installed one.
$manifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath 'Dewy.psd1'
Import-Module -Name ((Test-Path -LiteralPath $manifest) ? $manifest : 'Dewy')

function Start-Backend {
    <# A web server on a port of its own that says its name, at /slow after two seconds. #>
    param([Parameter(Mandatory)] [string] $Name)
    $probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $probe.Start()
    $address = "127.0.0.1:$($probe.LocalEndpoint.Port)"
    $probe.Stop()
    $listener = [System.Net.HttpListener]::new()
    $listener.Prefixes.Add("http://$address/")
    $listener.Start()
    $job = Start-ThreadJob -Name $Name -ArgumentList $listener, $Name -ScriptBlock {
        param($Listener, $Name)
        while ($Listener.IsListening) {
            $context = $Listener.GetContext()
            if ($context.Request.Url.AbsolutePath -eq '/slow') { Start-Sleep -Seconds 2 }
            $context.Response.Close([System.Text.Encoding]::UTF8.GetBytes($Name), $true)
        }
    }
    [pscustomobject]@{ Name = $Name; Address = $address; Listener = $listener; Job = $job }
}

function Get-Answer {
    <# Who answers how many of some requests. #>
    param([int] $Count = 20)
    1..$Count | ForEach-Object { Invoke-RestMethod -Uri "http://$address/" } | Group-Object -NoElement | Sort-Object -Property Name | Format-Table -HideTableHeaders
}

$red, $green, $blue = 'red', 'green', 'blue' | ForEach-Object { Start-Backend -Name $_ }
try {
    $proxy = Start-DewyProxy -Name front -Backend $red.Address, $green.Address -Port $Port -Balance round-robin
    $proxy | Format-Table
    $address = $proxy.Listen[0]
    Get-Answer

    Write-Host 'red is gone. A refused connection goes to the other one, and red gets no more of them.'
    $red.Listener.Close()
    Get-Answer
    (Get-DewyProxy -Name front).Backends | Format-Table

    Write-Host 'A slow request is under way at green while the proxy is switched to blue.'
    $slow = Start-ThreadJob -ArgumentList $address -ScriptBlock { param($Address) Invoke-RestMethod -Uri "http://$Address/slow" }
    while ((Get-DewyProxy -Name front).InFlight -eq 0) { Start-Sleep -Milliseconds 20 }
    (Set-DewyProxy -Name front -Backend $blue.Address -PassThru).Backends | Format-Table
    Get-Answer
    Write-Host "The slow request was answered by $($slow | Receive-Job -Wait -AutoRemoveJob)."
    Get-DewyProxy -Name front | Format-Table
} finally {
    Get-DewyProxy -Name front -ErrorAction Ignore | Stop-DewyProxy
    foreach ($backend in $red, $green, $blue) {
        $backend.Listener.Close()
        $backend.Job | Remove-Job -Force
    }
}
