#requires -Version 7.6
<#
.SYNOPSIS
    Installs dewy as a Windows service that keeps the applications of a configuration file at their newest release.
.DESCRIPTION
    Run it as administrator. The service starts with the machine and is started again when it fails. Stop-Service stops in
    good order; sc.exe control <name> 128 restarts what runs, as HUP does elsewhere. Warnings and errors are in the event
    log; for all lines set "log-file" in the configuration, whose paths must be absolute.
.EXAMPLE
    ./Install-DewyService.ps1 -Name dewy-myapp -Configuration C:\ProgramData\dewy\myapp.json
.EXAMPLE
    ./Install-DewyService.ps1 -Name dewy-myapp -Configuration C:\ProgramData\dewy\myapp.json -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [string] $Name,

    [Parameter(Mandatory)]
    [string] $Configuration,

    [string] $Program = 'C:\Program Files\dewy\dewy.exe',

    # The account the service and its applications run as; LocalSystem where left out.
    [pscredential] $Credential
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$file = (Resolve-Path -LiteralPath $Configuration).ProviderPath
if (-not (Test-Path -LiteralPath $Program -PathType Leaf)) {
    throw "There is no $Program. Publish dewy there, or name it with -Program."
}

& $Program check --config $file
if ($LASTEXITCODE -ne 0) {
    throw "The configuration is not right yet: dewy check ended with $LASTEXITCODE."
}

if ($PSCmdlet.ShouldProcess($Name, "Install a service that runs dewy with $file")) {
    $service = @{
        Name           = $Name
        DisplayName    = "Dewy: $Name"
        Description    = "Keeps the applications of $file at their newest release."
        BinaryPathName = "`"$Program`" run --config `"$file`""
        StartupType    = 'Automatic'
    }
    if ($Credential) {
        $service.Credential = $Credential
    }
    $null = New-Service @service

    # Started again 2 s after it failed, whether it ended or said so itself; the count is forgotten after a day.
    sc.exe failure $Name reset= 86400 actions= restart/2000/restart/2000/restart/10000
    sc.exe failureflag $Name 1
    Start-Service -Name $Name
    Get-Service -Name $Name
}
