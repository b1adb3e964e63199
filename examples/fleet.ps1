#requires -Version 7.6
<#
.SYNOPSIS
    A fleet: several hosts share one bucket, so that the registry is asked once and each artifact fetched from it once.
.DESCRIPTION
    Three roots stand for three hosts. Each deploys on its own; all of them have the cache of one bucket, with a
    registry-ttl. The registry is a stand-in for GitHub that runs in this script and counts: the first host asks it and
    downloads the artifact, the others find both in the bucket, and verify what they take.

    The bucket is any server that speaks S3's protocol. For a try on one machine:

        npx s3rver -d /tmp/s3 -a 127.0.0.1 -p 4568 --configure-bucket fleet

    With AWS, leave -Endpoint empty and have credentials in the environment or a profile.
.EXAMPLE
    ./fleet.ps1
.EXAMPLE
    ./fleet.ps1 -Endpoint '' -Region eu-west-1 -Bucket acme-artifacts
#>
[CmdletBinding()]
param(
    [string] $Endpoint = 'http://127.0.0.1:4568',

    [string] $Region = 'us-east-1',

    [string] $Bucket = 'fleet',

    # How many hosts.
    [ValidateRange(2, 20)]
    [int] $HostCount = 3
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The module this example came with, or else the installed one.
$manifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath 'Dewy.psd1'
Import-Module -Name ((Test-Path -LiteralPath $manifest) ? $manifest : 'Dewy')

$work = (New-Item -ItemType Directory -Path (Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "dewy-$([guid]::NewGuid())")).FullName

# What s3rver takes; anything else is found as for every program of AWS.
$variables = @{}
if ($Endpoint -like 'http://127.0.0.1:*' -and -not $env:AWS_ACCESS_KEY_ID) {
    $variables = @{ AWS_ACCESS_KEY_ID = 'S3RVER'; AWS_SECRET_ACCESS_KEY = 'S3RVER' }
}

# An artifact, and a registry that has it: the two questions of GitHub's API that matter here.
Set-Content -LiteralPath (Join-Path -Path $work -ChildPath index.html) -Value '<h1>v1.0.0</h1>'
$archive = Join-Path -Path $work -ChildPath site.tar.gz
tar -czf $archive -C $work index.html
$probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
$probe.Start()
$address = "127.0.0.1:$($probe.LocalEndpoint.Port)"
$probe.Stop()
$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://$address/")
$listener.Start()
$registry = Start-ThreadJob -ArgumentList $listener, $archive -ScriptBlock {
    param($Listener, $Archive)
    $content = [System.IO.File]::ReadAllBytes($Archive)
    $base = $Listener.Prefixes | Select-Object -First 1
    $releases = ConvertTo-Json -Depth 5 -InputObject @(
        @{
            id           = 1
            tag_name     = 'v1.0.0'
            draft        = $false
            prerelease   = $false
            created_at   = '2026-01-15T10:30:45Z'
            published_at = '2026-01-15T10:30:45Z'
            upload_url   = "$($base)uploads{?name,label}"
            assets       = @(@{
                id         = 2
                name       = 'site.tar.gz'
                state      = 'uploaded'
                size       = $content.Length
                digest     = "sha256:$((Get-FileHash -LiteralPath $Archive -Algorithm SHA256).Hash.ToLowerInvariant())"
                url        = "$($base)repos/acme/site/releases/assets/2"
                created_at = '2026-01-15T10:30:45Z'
                updated_at = '2026-01-15T10:30:45Z'
            })
        }
    )
    while ($Listener.IsListening) {
        $context = $Listener.GetContext()
        $path = $context.Request.Url.AbsolutePath
        if ($path -like '*/assets/2') {
            'asked for the artifact'
            $context.Response.ContentType = 'application/octet-stream'
            $context.Response.Close($content, $true)
        } else {
            'asked for the releases'
            $context.Response.ContentType = 'application/json'
            $context.Response.Close([System.Text.Encoding]::UTF8.GetBytes($releases), $true)
        }
    }
}
$variables.GITHUB_API_URL = "http://$address/"

$before = @{}
try {
    foreach ($name in $variables.Keys) {
        $before[$name] = [System.Environment]::GetEnvironmentVariable($name)
        Set-Item -LiteralPath "Env:$name" -Value $variables[$name]
    }

    # A prefix of its own for each run, so that nothing is there yet.
    $cache = "s3://$Region/$Bucket/$([guid]::NewGuid())?registry-ttl=60s"
    if ($Endpoint) { $cache += "&endpoint=$([uri]::EscapeDataString($Endpoint))" }

    1..$HostCount | ForEach-Object -Process {
        Invoke-DewyDeploy -Registry ghr://acme/site -Root (Join-Path -Path $work -ChildPath "host$_") -Cache $cache -NoReport
    } | Format-Table
    $registry | Receive-Job | Group-Object -NoElement | Format-Table -Property Count, Name -HideTableHeaders
} finally {
    foreach ($name in $before.Keys) {
        Set-Item -LiteralPath "Env:$name" -Value $before[$name]
    }
    $registry | Remove-Job -Force
    $listener.Close()
    Remove-Item -LiteralPath $work -Recurse -Force
}
