#requires -Version 7.6
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# What the test files share: the built module, and registries and roots in Pester's own temporary drive.

$script:ModuleManifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath 'Dewy.psd1'

function Get-DewyManifestPath {
    # DEWY_TEST_MODULE names another manifest, such as that of the package.
    if ($env:DEWY_TEST_MODULE) { $env:DEWY_TEST_MODULE } else { (Resolve-Path -LiteralPath $script:ModuleManifest).ProviderPath }
}

function Import-DewyUnderTest {
    # Not by force: that stops the agents of the session, and one test is about it.
    Import-Module -Name (Get-DewyManifestPath) -Global
}

function New-TestRegistry {
    <# A folder registry; the URL picks site.zip, whatever the host. #>
    param([Parameter(Mandatory)] [string] $Path)
    $null = New-Item -ItemType Directory -Path $Path -Force
    $full = (Resolve-Path -LiteralPath $Path).ProviderPath.Replace('\', '/')
    $separator = $full.StartsWith('/') ? '' : '/'
    [pscustomobject]@{ Path = $full; Url = "file://$separator$($full)?artifact=site.zip" }
}

function Publish-TestRelease {
    <# Puts a release into a registry: site.zip with the given files, and its checksum beside it. #>
    param(
        [Parameter(Mandatory)] $Registry,
        [Parameter(Mandatory)] [string] $Tag,
        [hashtable] $Files = @{},
        [switch] $WrongChecksum
    )
    $content = @{ 'index.html' = "<h1>$Tag</h1>" } + $Files
    $source = Join-Path -Path $Registry.Path -ChildPath '..' -AdditionalChildPath "source-$([guid]::NewGuid())"
    foreach ($name in $content.Keys) {
        $file = Join-Path -Path $source -ChildPath $name
        $null = New-Item -ItemType Directory -Path (Split-Path -Path $file) -Force
        Set-Content -LiteralPath $file -Value $content[$name] -NoNewline
    }
    $folder = New-Item -ItemType Directory -Path (Join-Path -Path $Registry.Path -ChildPath $Tag) -Force
    $archive = Join-Path -Path $folder.FullName -ChildPath 'site.zip'
    [System.IO.Compression.ZipFile]::CreateFromDirectory((Resolve-Path -LiteralPath $source).ProviderPath, $archive)
    $hash = $WrongChecksum ? ('0' * 64) : (Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash.ToLowerInvariant()
    Set-Content -LiteralPath "$archive.sha256" -Value "$hash  site.zip"
    Remove-Item -LiteralPath $source -Recurse
}

function New-TestRoot {
    param([Parameter(Mandatory)] [string] $Path)
    (New-Item -ItemType Directory -Path $Path -Force).FullName
}

function Get-LivePage {
    <# What a web server with its document root at current would answer. #>
    param([Parameter(Mandatory)] [string] $Root)
    Get-Content -LiteralPath (Join-Path -Path $Root -ChildPath 'current' -AdditionalChildPath 'index.html') -Raw
}

function Wait-Until {
    <# Waits for a condition with a deadline. #>
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $TimeoutSec = 30)
    $deadline = [datetime]::UtcNow.AddSeconds($TimeoutSec)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $deadline) {
            throw "It never came true: $Condition"
        }
        Start-Sleep -Milliseconds 50
    }
}

Export-ModuleMember -Function Get-DewyManifestPath, Import-DewyUnderTest, New-TestRegistry, Publish-TestRelease, New-TestRoot, Get-LivePage, Wait-Until
