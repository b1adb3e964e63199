#requires -Version 7.6
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# What the examples of the help stand in: a directory with registries and keys, services that are told and asked, and a session
# for each of them in this process. Everything listens on this host only.

Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1)

function Publish-ExampleRelease {
    <# An archive as a build makes it: with its checksum and a signature beside it. #>
    param(
        [Parameter(Mandatory)] [string] $Registry,
        [Parameter(Mandatory)] [string] $Tag,
        [Parameter(Mandatory)] [string] $Source,
        [Parameter(Mandatory)] [System.Security.Cryptography.ECDsa] $Key
    )
    $folder = New-Item -ItemType Directory -Path (Join-Path -Path $Registry -ChildPath $Tag) -Force
    $archive = Join-Path -Path $folder.FullName -ChildPath "$(Split-Path -Path $Registry -Leaf).tar.gz"
    tar -czf $archive -C $Source .
    if ($LASTEXITCODE -ne 0) { throw "tar could not make $archive" }
    Set-Content -LiteralPath "$archive.sha256" -Value "$((Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash)  $(Split-Path -Path $archive -Leaf)"
    # As cosign sign-blob --key writes it.
    $signature = $Key.SignData([System.IO.File]::ReadAllBytes($archive), 'SHA256', 'Rfc3279DerSequence')
    Set-Content -LiteralPath "$archive.sig" -Value ([System.Convert]::ToBase64String($signature))
}

function New-ExampleTemplate {
    <# What every example finds in the directory it runs in. #>
    param([Parameter(Mandatory)] [string] $Path)
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $null = New-Item -ItemType Directory -Path "$Path/registry/myapp", "$Path/registry/site", "$Path/build/config", "$Path/build/log", "$Path/myapp/shared/config"
    Set-Content -LiteralPath "$Path/cosign.pub" -Value $key.ExportSubjectPublicKeyInfoPem()
    Set-Content -LiteralPath "$Path/myapp/shared/config/app.json" -Value '{}'

    # A program that inherits its socket or is given a port, and answers everything with its version.
    Set-Content -LiteralPath "$Path/build/config/app.json" -Value '{}'
    Set-Content -LiteralPath "$Path/build/log/README" -Value 'Logs go here.'
    foreach ($tag in 'v0.9.0', 'v1.2.2', 'v1.3.0', 'v1.4.1+blue', 'v1.4.2', 'v1.4.3-rc.1') {
        Set-Content -LiteralPath "$Path/build/index.html" -Value "<h1>$tag</h1>"
        Set-Content -LiteralPath "$Path/build/myapp" -Value @"
#!/usr/bin/env python3
import http.server, os, socket
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '$($tag.Length)')
        self.end_headers()
        self.wfile.write(b'$tag')
    def log_message(self, *parts):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Page, bind_and_activate=False)
if os.environ.get('LISTEN_FDS'):
    server.socket = socket.socket(fileno=3)
else:
    server.server_address = ('127.0.0.1', int(os.environ['PORT']))
    server.server_bind()
    server.server_activate()
server.serve_forever()
"@
        chmod +x "$Path/build/myapp"
        Publish-ExampleRelease -Registry "$Path/registry/myapp" -Tag $tag -Source "$Path/build" -Key $key
        Publish-ExampleRelease -Registry "$Path/registry/site" -Tag $tag -Source "$Path/build" -Key $key
    }
    # One that cannot be deployed, for those who ask what went wrong.
    foreach ($name in 'myapp', 'site') {
        Set-Content -LiteralPath "$Path/registry/$name/v0.9.0/$name.tar.gz.sha256" -Value "$('0' * 64)  $name.tar.gz"
    }
    Remove-Item -LiteralPath "$Path/build" -Recurse

    # The applications of about_Dewy_Configuration, with registries that are here.
    Set-Content -LiteralPath "$Path/dewy.json" -Value @'
{
  "applications": {
    "web": { "registry": "file://./registry/myapp", "root": "./web", "port": 8000, "health-path": "/health", "command": ["./current/myapp"] },
    "site": { "registry": "file://./registry/site", "root": "./site" }
  }
}
'@
}

function Start-ExampleService {
    <# Stand-ins for GitHub and Slack, written from their public API documentation. Stop it with Stop-ExampleService. #>
    param([Parameter(Mandatory)] [string] $Archive)
    $listener = [System.Net.HttpListener]::new()
    $base = "http://$(Get-FreeAddress)/"
    $listener.Prefixes.Add($base)
    $listener.Start()
    $job = Start-ThreadJob -ThrottleLimit 100 -ArgumentList $listener, $base, ([System.IO.File]::ReadAllBytes($Archive)) -ScriptBlock {
        param($Listener, $Base, [byte[]] $Archive)
        $digest = "sha256:$([System.Convert]::ToHexStringLower([System.Security.Cryptography.SHA256]::HashData($Archive)))"
        while ($Listener.IsListening) {
            # Waited for in pieces: the end of the listener does not always wake who waits.
            $next = $Listener.GetContextAsync()
            while (-not $next.Wait(100)) { if (-not $Listener.IsListening) { return } }
            $context = $next.Result
            $path = $context.Request.Url.AbsolutePath
            if ($path -like '*/releases/assets/*') {
                $context.Response.ContentType = 'application/octet-stream'
                $context.Response.Close($Archive, $true)
                continue
            }
            $answer = if ($path -like '/slack/*') {
                @{ ok = $context.Request.Headers['Authorization'] -eq 'Bearer xoxb-example'; error = 'invalid_auth'; ts = '1.2'; channel = 'C1' }
            } elseif ($path -like '*/releases' -and $context.Request.HttpMethod -eq 'GET') {
                , @(@{
                    id = 1; tag_name = 'v1.4.2'; draft = $false; prerelease = $false; created_at = '2026-01-15T10:30:45Z'; published_at = '2026-01-15T10:30:45Z'
                    upload_url = "$($Base)uploads{?name,label}"
                    assets = @(@{
                        id = 2; name = $path -like '*/acme/*' ? 'site.tar.gz' : 'site-1.4.2.zip'; state = 'uploaded'; size = $Archive.Length; digest = $digest
                        url = "$($Base)repos/acme/site/releases/assets/2"; created_at = '2026-01-15T10:30:45Z'; updated_at = '2026-01-15T10:30:45Z'
                    })
                })
            } else {
                $context.Response.StatusCode = 404
                @{ message = 'Not Found' }
            }
            $context.Response.ContentType = 'application/json'
            $context.Response.Close([System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Depth 5 -InputObject $answer)), $true)
        }
    }
    [pscustomobject]@{ Listener = $listener; Job = $job; Url = $base }
}

function Stop-ExampleService {
    param([Parameter(Mandatory)] $Service)
    $Service.Listener.Close()
    $null = Wait-Job -Job $Service.Job -Timeout 60
    Remove-Job -Job $Service.Job -Force
}

function Test-ComponentRequired {
    <# Whether a missing component is a failure: where DEWY_TEST_REQUIRE names it. #>
    param([Parameter(Mandatory)] [string] $Name)
    ($env:DEWY_TEST_REQUIRE -split ',') -contains $Name
}

function Start-NodeProgram {
    <# A program of node that says a line when it is ready. #>
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string[]] $Argument, [Parameter(Mandatory)] [string] $Address)
    $process = Start-Process -FilePath node -ArgumentList $Argument -PassThru -RedirectStandardOutput "$Path/node.out" -RedirectStandardError "$Path/node.err"
    Wait-Until { $process.HasExited -or (Test-Listening -Address $Address) }
    if ($process.HasExited) { throw "$Argument ended: $(Get-Content -LiteralPath "$Path/node.err" -Raw)" }
    $process
}

function Start-ExampleBucket {
    <# A server that speaks S3's protocol, with the given bucket: s3rver, which DEWY_TEST_S3RVER names. #>
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Bucket)
    $null = New-Item -ItemType Directory -Path $Path
    $address = Get-FreeAddress
    $process = Start-NodeProgram -Path $Path -Address $address -Argument $env:DEWY_TEST_S3RVER, '-d', $Path, '-a', '127.0.0.1', '-p', $address.Split(':')[1], '--configure-bucket', $Bucket
    [pscustomobject]@{ Process = $process; Url = "http://$address" }
}

function Start-ExampleMailServer {
    <# A mail server on port 25 that takes everything: npm's smtp-server, which DEWY_TEST_SMTP_SERVER names. #>
    param([Parameter(Mandatory)] [string] $Path)
    $null = New-Item -ItemType Directory -Path $Path
    Set-Content -LiteralPath "$Path/server.js" -Value @'
const { SMTPServer } = require(process.argv[2]);
new SMTPServer({
    logger: false, authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) { stream.resume().on('end', done); },
}).listen(25, '127.0.0.1');
'@
    Start-NodeProgram -Path $Path -Address 127.0.0.1:25 -Argument "$Path/server.js", $env:DEWY_TEST_SMTP_SERVER
}

function Get-Example {
    <# The code of the examples of all cmdlets, and of those of the topics that call one, as people read them. #>
    foreach ($cmdlet in (Get-Command -Module Dewy).Name | Sort-Object) {
        foreach ($example in (Get-Help -Name $cmdlet -Full).Examples.Example) {
            @{ Source = $cmdlet; Title = $example.title; Code = $example.code }
        }
    }
    foreach ($topic in (Get-ChildItem -LiteralPath (Join-Path -Path (Split-Path -Path (Get-DewyManifestPath)) -ChildPath en-US) -Filter about_*.help.txt).BaseName.Replace('.help', '')) {
        $block = @()
        foreach ($line in @((Get-Help -Name $topic) -split '\r?\n') + '') {
            if ($line -match '^ {8}') {
                $block += $line.Substring(8)
            } elseif ($block) {
                if ($block[0] -match '^(\$\w+ = )?\(?(\w+-Dewy|Read-Host|Get-Credential)') {
                    @{ Source = $topic; Title = $block[0]; Code = $block -join "`n" }
                }
                $block = @()
            }
        }
    }
}

function Invoke-Example {
    <#
        Runs code in a session of its own, as somebody does who is in the directory and gives an answer to what is asked.
        Somebody answers at each address of this host that the code names. Prepare runs before it in the same session.
        What the code wrote and which errors there were.
    #>
    param(
        [Parameter(Mandatory)] [string] $Code,
        [Parameter(Mandatory)] [string] $Directory,
        [scriptblock] $Prepare = {},
        # Ctrl+C, as soon as there is something to see.
        [switch] $UntilFirst,
        [int] $TimeoutSec = 120
    )
    $session = [powershell]::Create([System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault())
    try {
        $null = $session.AddScript({
            param($Module, $Directory, $Prepare, $Addresses)
            $ErrorActionPreference = 'Stop'
            Import-Module -Name $Module
            Import-DewyUnderTest
            function global:Read-Host {
                param([string] $Prompt, [switch] $MaskInput, [switch] $AsSecureString)
                $AsSecureString ? (ConvertTo-SecureString -String xoxb-example -AsPlainText) : 'xoxb-example'
            }
            function global:Get-Credential { [pscredential]::new('rita', (ConvertTo-SecureString -String pass:word -AsPlainText)) }
            Set-Location -LiteralPath $Directory
            $backends = @(foreach ($address in $Addresses) { Start-TestBackend -Text well -Address $address })
            . ([scriptblock]::Create($Prepare))
            $global:ErrorActionPreference = 'Continue'
        }.ToString()).AddParameters(@((Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1), $Directory, "$Prepare", ([regex]::Matches($Code, '127\.0\.0\.1:\d{4,5}\b').ForEach{ $_.Value } | Sort-Object -Unique)))
        $null = $session.Invoke()

        $session.Commands.Clear()
        $session.Streams.ClearStreams()
        $null = $session.AddScript($Code)
        $written = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $run = $session.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]$null, $written)
        Wait-Until -TimeoutSec $TimeoutSec { $run.IsCompleted -or ($UntilFirst -and $written.Count) }
        $failures = @()
        if ($run.IsCompleted) {
            try { $null = $session.EndInvoke($run) } catch { $failures += $_.Exception.InnerException }
        }
        $session.Stop()
        $failures += @($session.Streams.Error)

        # An agent that was started has done nothing yet: what becomes of it belongs to the example.
        $session.Commands.Clear()
        $null = $session.AddScript({
            $running = { Get-DewyAgent | Where-Object -Property State -NE Stopped }
            Wait-Until { -not (& $running | Where-Object { -not $_.LastDeployment -and -not $_.Held }) }
            (& $running).LastDeployment.Where{ $_ -and $_.Result -ne 'Succeeded' }.ForEach{ "$($_.Error)" }
        }.ToString())
        [pscustomobject]@{ Written = @($written); Failures = $failures + @($session.Invoke()) }
    } finally {
        $session.Stop()
        $session.Commands.Clear()
        $null = $session.AddScript({
            Get-DewyProxy | Stop-DewyProxy
            if ($backends) { Stop-TestBackend -Backend $backends }
            Get-Job | Remove-Job -Force
        }.ToString())
        $null = $session.Invoke()
        $session.Runspace.Dispose()
        $session.Dispose()
        # A program that was deployed without an agent goes on by itself.
        Get-Process | Where-Object -Property CommandLine -Like "*$Directory/*" | Stop-Process
    }
}

function Invoke-ExampleScript {
    <# Runs a script of examples/ in a pwsh of its own, to its end: its exit code and everything it said. #>
    param([Parameter(Mandatory)] [string] $Path, [string[]] $Argument = @(), [int] $TimeoutSec = 300)
    $log = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "dewy-$([guid]::NewGuid())"
    $process = Start-Process -FilePath (Get-Process -Id $PID).Path -ArgumentList (@('-NoProfile', '-NonInteractive', '-File', $Path) + $Argument) -PassThru -Environment @{ NO_COLOR = '1' } -RedirectStandardOutput "$log.out" -RedirectStandardError "$log.err"
    try {
        if (-not $process.WaitForExit($TimeoutSec * 1000)) {
            $process.Kill($true)
            throw "$Path did not end in $TimeoutSec s. It said: $(Get-Content -LiteralPath "$log.out" -Raw)"
        }
        [pscustomobject]@{ ExitCode = $process.ExitCode; Said = (Get-Content -LiteralPath "$log.out", "$log.err") -join "`n" }
    } finally {
        Remove-Item -LiteralPath "$log.out", "$log.err"
    }
}

Export-ModuleMember -Function *-*
