#requires -Version 7.6
<#
.SYNOPSIS
    An image as containers behind the built-in proxy: a rolling update, a replica that dies, and what is left at the end.
.DESCRIPTION
    Builds two small images, pushes v1.0.0, and lets an agent run it as two containers, on 127.0.0.1 only. v1.1.0 replaces
    them one by one while requests are sent. Then one container is removed by hand: the proxy passes it over, and the agent
    starts another. When the agent stops, its containers go with it.

    It needs a container engine that the docker command reaches, and an image registry. For a try on one machine:

        docker run --detach --publish 127.0.0.1:5000:5000 registry:2
.EXAMPLE
    ./container.ps1
.EXAMPLE
    ./container.ps1 -Registry img://registry.example.com/team/dewy-example
    Pushes and pulls with the credentials of docker login.
#>
[CmdletBinding()]
param(
    # Where the images are pushed to and pulled from; a number is added, so that tags of an earlier run do not count.
    [ValidatePattern('^img://[^/]+/.+$')]
    [string] $Registry = 'img://localhost:5000/dewy-example'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The module this example came with, or else the installed one.
$manifest = Join-Path -Path $PSScriptRoot -ChildPath '..' -AdditionalChildPath 'Dewy.psd1'
Import-Module -Name ((Test-Path -LiteralPath $manifest) ? $manifest : 'Dewy')

$image = "$($Registry.Substring('img://'.Length))-$PID"
$work = (New-Item -ItemType Directory -Path (Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "dewy-$([guid]::NewGuid())")).FullName

function Invoke-Docker {
    # The classic builder needs no plug-in.
    $env:DOCKER_BUILDKIT = '0'
    $said = docker @args 2>&1
    if ($LASTEXITCODE -ne 0) {
        throw "docker $args failed: $said"
    }
    $said
}

function Publish-Image {
    <# busybox' web server with a page that says the version. The host's own busybox where there is one, else that of Docker Hub. #>
    param([Parameter(Mandatory)] [string] $Tag)
    $context = (New-Item -ItemType Directory -Path (Join-Path -Path $work -ChildPath $Tag)).FullName
    $busybox = Get-Command -Name busybox -CommandType Application -TotalCount 1 -ErrorAction Ignore
    $base = 'FROM busybox:stable'
    if ($busybox) {
        Copy-Item -LiteralPath $busybox.Source -Destination (Join-Path -Path $context -ChildPath busybox)
        $base = "FROM scratch`nCOPY busybox /bin/busybox"
    }
    Set-Content -LiteralPath (Join-Path -Path $context -ChildPath index.html) -Value $Tag -NoNewline
    # A first process has to be asked to end on TERM; this one is.
    Set-Content -LiteralPath (Join-Path -Path $context -ChildPath Dockerfile) -Value @"
$base
COPY index.html /www/index.html
EXPOSE 8080
CMD ["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; /bin/busybox httpd -f -p 8080 -h /www & wait"]
"@
    $null = Invoke-Docker build --quiet --tag "${image}:$Tag" $context
    $null = Invoke-Docker push --quiet "${image}:$Tag"
}

# What is missing is said before anything is done.
if (-not (Get-Command -Name docker -CommandType Application -ErrorAction Ignore)) {
    throw 'There is no docker command: this example builds images with it.'
}
try {
    $null = Invoke-Docker version --format '{{.Server.Version}}'
} catch {
    throw "No container engine answers. $_"
}
try {
    Publish-Image -Tag v1.0.0
} catch {
    throw "The image could not be built and pushed to $image. Is there a registry? docker run --detach --publish 127.0.0.1:5000:5000 registry:2 starts one. $_"
}

$app = @{
    Registry     = "img://$image"
    Root         = Join-Path -Path $work -ChildPath root
    Name         = "web-$PID"
    Port         = '127.0.0.1:0'
    Replicas     = 2
    HealthPath   = '/'
    DrainTimeSec = 5
    # Otherwise the container that is removed below would be taken for a bad release, and v1.0.0 put back.
    WatchTimeSec = 0
    RunOptions   = '--memory', '32m', '--read-only'
}
$agent = $null
try {
    $agent = Start-DewyAgent @app
    $agent | Receive-Job -Wait | Select-Object -First 1
    Get-DewyReplica -Root $app.Root | Format-Table
    $address = (Get-DewyAgent -Root $app.Root).Proxy.Listen[0]
    Write-Host "http://$address/ answers $(Invoke-RestMethod -Uri "http://$address/")."

    Publish-Image -Tag v1.1.0
    $update = Start-ThreadJob -ScriptBlock { param($Manifest, $App) Import-Module -Name $Manifest; Invoke-DewyDeploy -Registry $App.Registry -Root $App.Root } -ArgumentList (Get-Module -Name Dewy).Path, $app
    $answers = while ($update.State -notin 'Completed', 'Failed') { Invoke-RestMethod -Uri "http://$address/" }
    $update | Receive-Job -Wait -AutoRemoveJob
    @($answers) + (Invoke-RestMethod -Uri "http://$address/") | Group-Object -NoElement | Format-Table

    $victim = (Get-DewyReplica -Root $app.Root -State Healthy)[0]
    Write-Host "$($victim.Name) is removed by hand."
    $null = Invoke-Docker rm --force $victim.Name
    Write-Host "http://$address/ answers $(Invoke-RestMethod -Uri "http://$address/") all the same."
    while (@(Get-DewyReplica -Root $app.Root -State Healthy | Where-Object -Property Name -NE $victim.Name).Count -lt 2) { Start-Sleep -Milliseconds 100 }
    Get-DewyReplica -Root $app.Root | Format-Table
} finally {
    if ($agent) { $agent | Stop-Job -PassThru | Remove-Job }
    Write-Host "Containers left: $(@(docker ps --all --quiet --filter "label=dewy.app=$($app.Name)").Count)"
    $null = docker image rm --force "${image}:v1.0.0" "${image}:v1.1.0" 2>&1
    Remove-Item -LiteralPath $work -Recurse -Force
}
