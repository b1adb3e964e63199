#requires -Version 7.6
<#
.SYNOPSIS
    A runbook for Hybrid Runbook Workers: deploys the newest release into a directory of the worker.
.DESCRIPTION
    Each job looks once, deploys where there is something new, and ends. All it knows is in its parameters and in the root,
    so that any worker of a group may run it, on a schedule or from a webhook. It asks nothing and reads nothing from the
    home directory. What it writes is one object that says what was done; whatever goes wrong is an error that fails the
    job, with what to do in it.

    The worker needs PowerShell 7.6 and the module, which knows no other requirement: unpack the zip that ./build.ps1
    Package makes into a module directory of all users, such as /usr/local/share/powershell/Modules or
    C:\Program Files\PowerShell\Modules. The zip keeps to the limits of Azure Automation (100 MB, paths of 140 characters),
    so that it can be imported into the account as well: Modules, Add a module, browse to the zip.

    A token for the registry is best kept as an encrypted variable of the account, named by -TokenVariable.
.EXAMPLE
    ./Invoke-DewyRunbook.ps1 -Registry file://./registry/site -Root ./site
    Tries it by hand.
.EXAMPLE
    $parameters = @{ Registry = 'ghr://acme/site'; Root = '/srv/site'; TokenVariable = 'github-token' }
    Start-AzAutomationRunbook -AutomationAccountName operations -ResourceGroupName operations -Name Invoke-DewyRunbook -RunOn web-servers -Parameters $parameters
#>
[CmdletBinding()]
param(
    # Where releases are announced, such as ghr://owner/repository or s3://region/bucket/prefix.
    [Parameter(Mandatory)]
    [string] $Registry,

    # The directory of the worker that is deployed into.
    [Parameter(Mandatory)]
    [string] $Root,

    # Only releases with this build metadata.
    [string] $Slot,

    # Deploy this release and stay there; the newest where left out.
    [string] $Tag,

    # An encrypted variable of the Automation account that holds the registry's token.
    [string] $TokenVariable,

    # Who is told, such as webhooks://host/path.
    [string[]] $Notifier
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'
$ProgressPreference = 'SilentlyContinue'

# The module this example came with, or else the installed one: a worker has no other.
$manifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath '..', 'Dewy.psd1'
Import-Module -Name ((Test-Path -LiteralPath $manifest) ? $manifest : 'Dewy')

$parameters = @{ Registry = $Registry; Root = $Root }
foreach ($name in 'Slot', 'Tag', 'Notifier') {
    if ($PSBoundParameters[$name]) { $parameters[$name] = $PSBoundParameters[$name] }
}
if ($TokenVariable) {
    $parameters.Token = Get-AutomationVariable -Name $TokenVariable | ConvertTo-SecureString -AsPlainText -Force
}

try {
    $deployment = Invoke-DewyDeploy @parameters
} catch [Dewy.DewyException] {
    # One line for the job's exception: code, cause and what to do.
    throw "$($_.Exception.Code): $($_.Exception.Message) $($_.ErrorDetails.RecommendedAction)"
}

$status = Get-DewyAgent -Root $Root
[pscustomobject]@{
    Host        = [System.Environment]::MachineName
    Root        = $status.Root
    Changed     = [bool]$deployment
    Tag         = "$($status.Current)"
    PreviousTag = "$($status.Previous)"
    DurationSec = $deployment ? [Math]::Round($deployment.Duration.TotalSeconds, 1) : 0
    Held        = "$($status.Held)"
}
