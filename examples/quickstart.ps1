#requires -Version 7.6
<#
.SYNOPSIS
    From a folder with releases to a web program that is replaced without losing a request, in seconds.
.DESCRIPTION
    Publishes a web program as v1.0.0 into a folder and lets an agent keep it up as two replicas behind the built-in
    proxy. While requests are sent all the time, it publishes v1.1.0 and then goes back to v1.0.0. At the end it writes
    how many requests each version answered; Failed must be 0.

    The program is a few lines of PowerShell that know nothing of Dewy: it listens on the port it is told.
.EXAMPLE
    ./quickstart.ps1
.EXAMPLE
    ./quickstart.ps1 -Path ./quickstart
    Get-DewyDeployment -Root ./quickstart/root
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

$program = @'
param([int] $Port)
$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://127.0.0.1:$Port/")
$listener.Start()
while ($true) {
    $context = $listener.GetContext()
    $context.Response.Close([System.Text.Encoding]::UTF8.GetBytes('{version}'), $true)
}
'@

function Publish-Release {
    <# What a build does: an archive in a directory named after the version, which is there all at once by being renamed. #>
    param([Parameter(Mandatory)] [string] $Tag)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath web.ps1) -Value $program.Replace('{version}', $Tag)
    tar -czf (Join-Path -Path $draft -ChildPath web.tar.gz) -C $draft web.ps1
    Remove-Item -LiteralPath (Join-Path -Path $draft -ChildPath web.ps1)
    Rename-Item -LiteralPath $draft -NewName $Tag
}

$app = @{
    Registry   = "file://$registry"
    Root       = Join-Path -Path $work -ChildPath root
    Name       = 'web'
    Command    = 'pwsh', '-NoProfile', '-File', './current/web.ps1', '-Port', '{port}'
    Handoff    = 'Proxy'
    Replicas   = 2
    Port       = '127.0.0.1:0'
    HealthPath = '/'
}
$agent = $load = $null
$stop = [System.Threading.ManualResetEventSlim]::new()
try {
    Publish-Release -Tag v1.0.0
    $agent = Start-DewyAgent @app
    # The output of the job are deployments; this waits for the first of them.
    $agent | Receive-Job -Wait | Select-Object -First 1
    Get-DewyReplica -Root $app.Root | Format-Table

    $address = (Get-DewyAgent -Root $app.Root).Proxy.Listen[0]
    $load = Start-ThreadJob -ArgumentList "http://$address/", $stop -ScriptBlock {
        param($Address, $Stop)
        $client = [System.Net.Http.HttpClient]::new()
        $answers = [ordered]@{ Failed = 0 }
        while (-not $Stop.IsSet) {
            try {
                $answers[$client.GetStringAsync($Address).GetAwaiter().GetResult()]++
            } catch {
                $answers.Failed++
            }
        }
        $answers
    }
    Write-Host "v1.0.0 answers at http://$address/, and requests are sent all the time. v1.1.0 is published."

    Publish-Release -Tag v1.1.0
    # The agent would notice within ten seconds. Asked like this it looks at once, and its deployment is waited for.
    Invoke-DewyDeploy -Registry $app.Registry -Root $app.Root
    Undo-DewyDeploy -Root $app.Root
    Get-DewyAgent -Root $app.Root | Format-List

    $stop.Set()
    $load | Receive-Job -Wait
} finally {
    $stop.Set()
    if ($load) { $load | Remove-Job -Force }
    if ($agent) { $agent | Stop-Job -PassThru | Remove-Job }
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
