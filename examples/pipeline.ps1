#requires -Version 7.6
<#
.SYNOPSIS
    A deployment in single phases, with checks of your own between them.
.DESCRIPTION
    Get-DewyRelease, Save-DewyRelease, Expand-DewyRelease and Switch-DewyRelease in one pipeline are Invoke-DewyDeploy in
    assets mode. Taken one by one there is room between them: here for a look at what the download was verified by, and
    for a test of the extracted pages before anybody sees them. v1.1.0 has a broken link and never goes live.
.EXAMPLE
    ./pipeline.ps1
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
    param([Parameter(Mandatory)] [string] $Tag, [Parameter(Mandatory)] [hashtable] $Pages)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    $build = (New-Item -ItemType Directory -Path (Join-Path -Path $work -ChildPath "build-$Tag")).FullName
    foreach ($name in $Pages.Keys) {
        Set-Content -LiteralPath (Join-Path -Path $build -ChildPath $name) -Value $Pages[$name]
    }
    $archive = Join-Path -Path $draft -ChildPath site.tar.gz
    tar -czf $archive -C $build .
    Set-Content -LiteralPath "$archive.sha256" -Value "$((Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash)  site.tar.gz"
    Rename-Item -LiteralPath $draft -NewName $Tag
}

function Find-BrokenLink {
    <# Links of the pages in a directory that lead to no page there. #>
    param([Parameter(Mandatory)] [string] $Directory)
    foreach ($page in Get-ChildItem -LiteralPath $Directory -Filter *.html) {
        foreach ($link in [regex]::Matches((Get-Content -LiteralPath $page -Raw), 'href="(?<to>[^"]+)"')) {
            $to = $link.Groups['to'].Value
            if (-not (Test-Path -LiteralPath (Join-Path -Path $Directory -ChildPath $to))) {
                [pscustomobject]@{ Page = $page.Name; Link = $to }
            }
        }
    }
}

function Publish-Site {
    <# The deployment: each object is looked at before it goes on to the next phase. #>
    $release = Get-DewyRelease -Registry "file://$registry"
    $artifact = $release | Save-DewyRelease -Root $root
    Write-Host "$($artifact.Key) has $($artifact.Size) bytes and is vouched for by $($artifact.VerifiedBy)."
    if (-not $artifact.VerifiedBy) {
        throw "Nothing vouches for $($artifact.Key)."
    }

    $expanded = $artifact | Expand-DewyRelease
    $broken = Find-BrokenLink -Directory $expanded.Path
    if ($broken) {
        Write-Warning "$($release.Tag) stays where it is: $($broken.ForEach{ "$($_.Page) links to $($_.Link)" } -join ', ')."
        return
    }
    $expanded | Switch-DewyRelease -KeepReleases 3
}

$root = Join-Path -Path $work -ChildPath root
try {
    Publish-Release -Tag v1.0.0 -Pages @{ 'index.html' = '<a href="about.html">About</a>'; 'about.html' = 'About us' }
    Publish-Site

    Publish-Release -Tag v1.1.0 -Pages @{ 'index.html' = '<a href="abuot.html">About</a>'; 'about.html' = 'About us' }
    Publish-Site

    Publish-Release -Tag v1.1.1 -Pages @{ 'index.html' = '<a href="about.html">About us</a>'; 'about.html' = 'About us' }
    Publish-Site

    # Where nothing is to be looked at, it is one line; there is nothing new, and so it downloads nothing.
    Get-DewyRelease "file://$registry" | Save-DewyRelease -Root $root | Format-List -Property Tag, Downloaded, VerifiedBy
    Get-DewyDeployment -Root $root | Format-Table
} finally {
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
