#requires -Version 7.6
<#
.SYNOPSIS
    Builds, tests, packages and installs Dewy. Everything but Pester is dotnet underneath.
.EXAMPLE
    ./build.ps1
    Builds the module and the command line.
.EXAMPLE
    ./build.ps1 Build, Test, Pester
.EXAMPLE
    ./build.ps1 Package, Pester
    Lays the module out in out/Dewy/<version>/, makes a zip and a nupkg of it, and runs the Pester suite against it. By
    itself Pester tests the module of this directory, or the one whose manifest DEWY_TEST_MODULE names.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Package', 'Install', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Where Install puts the module: the first of the user's own module directories where left out.
    [string] $Destination
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$root = $PSScriptRoot
$solution = Join-Path -Path $root -ChildPath Dewy.PowerShell.sln
$output = Join-Path -Path $root -ChildPath out

function Invoke-Build {
    dotnet build $solution --configuration $Configuration
}

function Invoke-Test {
    dotnet test --solution $solution --configuration $Configuration
}

function Invoke-Pester5 {
    # A process of its own: a loaded module cannot be rebuilt, and Pester must not see this script's preferences.
    $script = {
        $ErrorActionPreference = 'Stop'
        Import-Module -Name Pester -MinimumVersion 5.5
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = $args[0]
        $configuration.Run.Exit = $true
        $configuration.Output.Verbosity = 'Normal'
        Invoke-Pester -Configuration $configuration
    }
    & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script -args (Join-Path -Path $root -ChildPath Pester)
}

function Get-PackagePath {
    $version = (Import-PowerShellDataFile -LiteralPath (Join-Path -Path $root -ChildPath Dewy.psd1)).ModuleVersion
    Join-Path -Path $output -ChildPath Dewy -AdditionalChildPath $version
}

function Invoke-Package {
    # Downloads the ASP.NET Core runtimes of all platforms the first time; nothing else needs them.
    dotnet build (Join-Path -Path $root -ChildPath 'src/Dewy.ModulePackage') --configuration $Configuration
}

function Invoke-Install {
    Invoke-Package
    $package = Get-PackagePath
    $modules = if ($Destination) { $Destination } else { ($env:PSModulePath -split [System.IO.Path]::PathSeparator)[0] }
    $target = Join-Path -Path $modules -ChildPath Dewy -AdditionalChildPath (Split-Path -Path $package -Leaf)
    if (Test-Path -LiteralPath $target) {
        Remove-Item -LiteralPath $target -Recurse
    }
    $null = New-Item -ItemType Directory -Path (Split-Path -Path $target) -Force
    Copy-Item -LiteralPath $package -Destination $target -Recurse
    Write-Output "Installed to $target."
}

function Invoke-Clean {
    dotnet clean $solution --configuration $Configuration
    if (Test-Path -LiteralPath $output) {
        Remove-Item -LiteralPath $output -Recurse
    }
}

if ('Package' -in $Task -and 'Pester' -in $Task) {
    $env:DEWY_TEST_MODULE = Join-Path -Path (Get-PackagePath) -ChildPath Dewy.psd1
}

foreach ($name in $Task) {
    switch ($name) {
        'Build' { Invoke-Build }
        'Test' { Invoke-Test }
        'Pester' { Invoke-Pester5 }
        'Package' { Invoke-Package }
        'Install' { Invoke-Install }
        'Clean' { Invoke-Clean }
    }
}
