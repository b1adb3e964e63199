#requires -Version 7.6
<#
.SYNOPSIS
    People are told: a webhook that checks the signature of each message, and any notifier of yours.
.DESCRIPTION
    Listens as a webhook on this host, tries it with Send-DewyNotification, and then lets a deployment that works and
    one that fails be told to it. The body of each message is signed with a secret both sides know; the receiver
    computes the signature itself and takes nothing that is not signed so.
.EXAMPLE
    ./notifications.ps1
.EXAMPLE
    $env:SLACK_TOKEN = Read-Host -Prompt 'Bot token' -MaskInput
    ./notifications.ps1 -Notifier 'slack://deployments'
    Tells a Slack channel as well.
.EXAMPLE
    ./notifications.ps1 -Notifier 'smtp://mail.example.com/ops@example.com?from=dewy@example.com'
    Sends mail as well; MAIL_USERNAME and MAIL_PASSWORD are the account, where the server wants one.
#>
[CmdletBinding()]
param(
    # Others that are told: slack://, smtp://, webhooks://, teams://, discord://.
    [string[]] $Notifier = @(),

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
    param([Parameter(Mandatory)] [string] $Tag, [string] $Checksum)
    $draft = (New-Item -ItemType Directory -Path (Join-Path -Path $registry -ChildPath ".$Tag")).FullName
    Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath index.html) -Value "<h1>$Tag</h1>"
    tar -czf (Join-Path -Path $draft -ChildPath site.tar.gz) -C $draft index.html
    Remove-Item -LiteralPath (Join-Path -Path $draft -ChildPath index.html)
    if ($Checksum) {
        Set-Content -LiteralPath (Join-Path -Path $draft -ChildPath site.tar.gz.sha256) -Value "$Checksum  site.tar.gz"
    }
    Rename-Item -LiteralPath $draft -NewName $Tag
}

# A port that was free a moment ago; HttpListener takes none of the system's choice.
$probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
$probe.Start()
$address = "127.0.0.1:$($probe.LocalEndpoint.Port)"
$probe.Stop()

$secret = [guid]::NewGuid().ToString('n')
$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://$address/")
$listener.Start()
$receiver = Start-ThreadJob -ArgumentList $listener, $secret -ScriptBlock {
    param($Listener, $Secret)
    $hmac = [System.Security.Cryptography.HMACSHA256]::new([System.Text.Encoding]::UTF8.GetBytes($Secret))
    while ($Listener.IsListening) {
        $context = $Listener.GetContext()
        $body = [System.IO.MemoryStream]::new()
        $context.Request.InputStream.CopyTo($body)
        $expected = "sha256=$([System.Convert]::ToHexStringLower($hmac.ComputeHash($body.ToArray())))"
        $given = "$($context.Request.Headers['X-Dewy-Signature-256'])"
        # In a time that does not depend on how much of it is right.
        if ([System.Security.Cryptography.CryptographicOperations]::FixedTimeEquals([System.Text.Encoding]::UTF8.GetBytes($expected), [System.Text.Encoding]::UTF8.GetBytes($given))) {
            $message = [System.Text.Encoding]::UTF8.GetString($body.ToArray()) | ConvertFrom-Json
            [pscustomobject]@{ Event = $message.event; Level = $message.level; Text = $message.text; Detail = $message.detail }
            $context.Response.StatusCode = 204
        } else {
            $context.Response.StatusCode = 403
        }
        $context.Response.Close()
    }
}

$told = @("webhook://$address/dewy?secret=$secret") + $Notifier
$site = @{
    Registry = "file://$registry"
    Root     = Join-Path -Path $work -ChildPath root
    Name     = 'site'
    Notifier = $told
}
try {
    # Before anything depends on it: does each of them take a message?
    Send-DewyNotification -Message 'Hello from the example.' -Name site -Notifier $told -PassThru | Format-Table
    # And one who does not know the secret is turned away.
    $stranger = Invoke-WebRequest -Uri "http://$address/dewy" -Method Post -Body '{}' -ContentType application/json -SkipHttpErrorCheck
    Write-Host "A message without a signature is answered $($stranger.StatusCode)."

    Publish-Release -Tag v1.0.0
    Invoke-DewyDeploy @site | Format-Table
    Publish-Release -Tag v1.1.0 -Checksum ('0' * 64)
    Invoke-DewyDeploy @site -ErrorAction Ignore -WarningAction Ignore
} catch [Dewy.DewyException] {
    Write-Host "The second deployment failed, as it should: $($_.Exception.Code)."
} finally {
    $receiver | Receive-Job | Format-Table -Wrap
    $receiver | Remove-Job -Force
    $listener.Close()
    if (-not $Path) { Remove-Item -LiteralPath $work -Recurse -Force }
}
