#requires -Version 7.6
<#
.SYNOPSIS
    Files at their newest release: a web site with a shared directory, and an archive that somebody changed.
.DESCRIPTION
    Deploys a site as a web server would serve it, with its document root at current. What visitors upload lives in
    shared/ and is in every release. v1.2.0 is not what its checksum says: it is refused, the site stays as it is, and
    the file is kept aside. Then the site goes back to v1.0.0 and forward again.
.EXAMPLE
    ./assets.ps1
.EXAMPLE
    ./assets.ps1 -Path ./site
    Get-ChildItem -Path ./site/root, ./site/root/releases
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
    <# An archive with its checksum beside it, in a directory named after the version, which is there all at once by being renamed. #>
    param([Parameter(Mandatory)] [string] $Tag, [string] $Page = "<h1>$Tag</h1>", [switch] $ThenChangeIt)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    $archive = Join-Path -Path $draft -ChildPath site.tar.gz
    Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath index.html) -Value $Page
    tar -czf $archive -C $draft index.html
    Set-Content -LiteralPath "$archive.sha256" -Value "$((Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash)  site.tar.gz"
    if ($ThenChangeIt) {
        Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath index.html) -Value 'Buy watches!'
        tar -czf $archive -C $draft index.html
    }
    Remove-Item -LiteralPath (Join-Path -Path $draft -ChildPath index.html)
    Rename-Item -LiteralPath $draft -NewName $Tag
}

$site = @{
    Registry       = "file://$registry"
    Root           = Join-Path -Path $work -ChildPath root
    Shared         = 'uploads/'
    VerifyChecksum = 'Required'
}
$current = Join-Path -Path $site.Root -ChildPath current
try {
    Publish-Release -Tag v1.0.0
    Invoke-DewyDeploy @site
    Set-Content -LiteralPath (Join-Path -Path $current -ChildPath uploads -AdditionalChildPath cat.txt) -Value 'meow'

    Publish-Release -Tag v1.1.0
    Invoke-DewyDeploy @site
    Write-Host "The page is $(Get-Content -LiteralPath (Join-Path -Path $current -ChildPath index.html)), and the upload is $(Get-Content -LiteralPath (Join-Path -Path $current -ChildPath uploads -AdditionalChildPath cat.txt))."

    Publish-Release -Tag v1.2.0 -ThenChangeIt
    try {
        Invoke-DewyDeploy @site -WarningAction SilentlyContinue
    } catch [Dewy.DewyException] {
        Write-Host "$($_.Exception.Code): $_"
        Write-Host "What to do: $($_.ErrorDetails.RecommendedAction)"
    }
    Write-Host "The page is still $(Get-Content -LiteralPath (Join-Path -Path $current -ChildPath index.html))."

    # Going back pins the release, so that the newest does not come back at once; resuming ends that.
    Undo-DewyDeploy -Root $site.Root -To v1.0.0
    Get-DewyAgent -Root $site.Root | Format-List -Property Current, Previous, Pin
    Resume-DewyAgent -Root $site.Root
    Publish-Release -Tag v1.3.0
    Invoke-DewyDeploy @site

    Get-DewyDeployment -Root $site.Root | Format-Table
} finally {
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
