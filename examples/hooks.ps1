#requires -Version 7.6
<#
.SYNOPSIS
    Hooks: what runs before and after a deployment, what it is told, and a hook that stops one.
.DESCRIPTION
    A hook is a command line or a script block. It runs in the root, finds what is being deployed in its environment
    (DEWY_TAG, DEWY_PREVIOUS_TAG, DEWY_RELEASE_DIR and others), and is not given the agent's own secrets. A script block
    runs in a pwsh of its own and sees none of this session's variables. A hook that fails is reported; with
    -OnHookFailure Abort it stops the deployment before anything is switched.
.EXAMPLE
    ./hooks.ps1
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

function Publish-Release {
    param([Parameter(Mandatory)] [string] $Tag)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath index.html) -Value "<h1>$Tag</h1>"
    tar -czf (Join-Path -Path $draft -ChildPath site.tar.gz) -C $draft index.html
    Remove-Item -LiteralPath (Join-Path -Path $draft -ChildPath index.html)
    Rename-Item -LiteralPath $draft -NewName $Tag
}

$site = @{
    Registry         = "file://$registry"
    Root             = Join-Path -Path $work -ChildPath root
    # Enough room? It runs in the root, so the root's file system is the one that counts.
    BeforeDeployHook = {
        $free = [System.IO.DriveInfo]::new($PWD.ProviderPath).AvailableFreeSpace
        "$env:DEWY_HOOK of $env:DEWY_TAG (until now: $env:DEWY_PREVIOUS_TAG): $([int]($free / 1MB)) MB are free"
        if ($free -lt 10MB) { exit 1 }
    }
    # A command line is sh's on Linux and macOS, and pwsh's on Windows.
    AfterDeployHook  = $IsWindows ? 'Add-Content deployments.log $env:DEWY_TAG' : 'echo "$DEWY_TAG" >> deployments.log'
}
try {
    Publish-Release -Tag v1.0.0
    # What hooks write is in the verbose stream.
    Invoke-DewyDeploy @site -Verbose 4>&1 | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] -or $_.Message -like '*hook*' }
    Publish-Release -Tag v1.1.0
    Invoke-DewyDeploy @site
    Write-Host "deployments.log: $(Get-Content -LiteralPath (Join-Path -Path $site.Root -ChildPath deployments.log))"

    # Nobody deploys while the shop is open.
    Publish-Release -Tag v1.2.0
    $site.BeforeDeployHook = { Write-Error 'The shop is open.'; exit 4 }
    try {
        Invoke-DewyDeploy @site -OnHookFailure Abort -WarningAction SilentlyContinue
    } catch [Dewy.DewyException] {
        Write-Host "$($_.Exception.Code): $_"
    }
    Write-Host "Still live: $((Get-DewyAgent -Root $site.Root).Current)"

    # A hook by itself, as it would run for the release that is live.
    Invoke-DewyHook -Kind AfterDeploy -Command { "$env:DEWY_TAG is in $(Split-Path -Path $env:DEWY_RELEASE_DIR -Leaf)" } -Root $site.Root | Format-List
} finally {
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
