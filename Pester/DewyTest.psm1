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
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $TimeoutSec = 60)
    $deadline = [datetime]::UtcNow.AddSeconds($TimeoutSec)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $deadline) {
            throw "It never came true: $Condition"
        }
        Start-Sleep -Milliseconds 50
    }
}

function Test-Listening {
    <# Whether anybody takes connections at host:port. #>
    param([Parameter(Mandatory)] [string] $Address)
    $end = [System.Net.IPEndPoint]::Parse($Address)
    $client = [System.Net.Sockets.TcpClient]::new()
    try {
        $client.Connect($end)
        $true
    } catch [System.Net.Sockets.SocketException] {
        $false
    } finally {
        $client.Dispose()
    }
}

function Start-TestBackend {
    <# A web server in a thread of its own that answers every request with the given text. Stop it with Stop-TestBackend. #>
    param([Parameter(Mandatory)] [string] $Text, [string] $Address = '127.0.0.1:0')
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPEndPoint]::Parse($Address))
    $listener.Start()
    # A limit of its own: they run until they are stopped, and would keep other jobs waiting.
    $job = Start-ThreadJob -ThrottleLimit 100 -ArgumentList $listener, $Text -ScriptBlock {
        param($Listener, $Text)
        $ErrorActionPreference = 'Stop'
        $answer = [System.Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Length: $($Text.Length)`r`nConnection: close`r`n`r`n$Text")
        while ($true) {
            # The end of the listener is the end of the job.
            $client = $Listener.AcceptTcpClient()
            try {
                $stream = $client.GetStream()
                $stream.ReadTimeout = 10000
                # A check that only connects sends nothing, and gets nothing.
                if ($stream.Read([byte[]]::new(8192), 0, 8192)) { $stream.Write($answer) }
            } catch [System.IO.IOException] {
                continue
            } finally {
                $client.Dispose()
            }
        }
    }
    [pscustomobject]@{ Listener = $listener; Job = $job; Address = $listener.LocalEndpoint.ToString() }
}

function Stop-TestBackend {
    param([Parameter(Mandatory)] [object[]] $Backend)
    foreach ($one in $Backend) {
        $one.Listener.Stop()
        $null = Wait-Job -Job $one.Job -Timeout 60
        Remove-Job -Job $one.Job -Force
    }
}

function Get-FreeAddress {
    <# An address of the loopback interface that nobody listened at a moment ago. #>
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $address = $listener.LocalEndpoint.ToString()
    $listener.Stop()
    $address
}

function Start-DewyScript {
    <# Runs a script in a pwsh of its own, with the module loaded, and returns what it wrote. #>
    param([Parameter(Mandatory)] [string] $Script)
    $file = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "dewy-$([guid]::NewGuid()).ps1"
    Set-Content -LiteralPath $file -Value @"
`$ErrorActionPreference = 'Stop'
Import-Module '$((Get-Module DewyTest).Path)'
Import-DewyUnderTest
$Script
"@
    try {
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file
    } finally {
        Remove-Item -LiteralPath $file
    }
}

function Invoke-Docker {
    <# The Docker CLI with the classic builder; what it wrote, or an error. #>
    param([Parameter(Mandatory)] [string[]] $Argument, [string] $Configuration)
    $before = $env:DOCKER_CONFIG, $env:DOCKER_BUILDKIT
    $env:DOCKER_BUILDKIT = '0'
    if ($Configuration) { $env:DOCKER_CONFIG = $Configuration }
    try {
        $output = docker @Argument 2>&1
        if ($LASTEXITCODE -ne 0) { throw "docker $Argument failed: $output" }
        $output.Where{ $_ -is [string] }
    } finally {
        $env:DOCKER_CONFIG, $env:DOCKER_BUILDKIT = $before
    }
}

function Get-ContainerObstacle {
    <# Why there can be no tests with containers here; nothing where there can. #>
    foreach ($program in 'docker', 'docker-registry', 'busybox', 'htpasswd') {
        if (-not (Get-Command -Name $program -CommandType Application -ErrorAction Ignore)) { return "$program is not installed" }
    }
    try {
        $null = Invoke-Docker -Argument version, --format, '{{.Server.APIVersion}}'
    } catch {
        return 'no container engine answers'
    }
}

function Start-ContainerLab {
    <# A real image registry with a password, for images of this run. Stop it with Stop-ContainerLab. #>
    param(
        [Parameter(Mandatory)] [string] $Path,
        [string] $Address = (Get-FreeAddress),
        # The host as images name it.
        [string] $HostName = '127.0.0.1',
        [string] $Repository = 'acme/web'
    )
    $null = New-Item -ItemType Directory -Path "$Path/docker" -Force
    $run = [guid]::NewGuid().ToString('n').Substring(0, 12)
    htpasswd -Bbc "$Path/htpasswd" rita pass:word 2>&1 | Out-Null
    Set-Content -LiteralPath "$Path/config.yml" -Value @"
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $Path/store}}
http: {addr: $Address}
auth: {htpasswd: {realm: tests, path: $Path/htpasswd}}
"@
    $process = Start-Process -FilePath docker-registry -ArgumentList serve, "$Path/config.yml" -PassThru -RedirectStandardOutput "$Path/out.log" -RedirectStandardError "$Path/error.log"
    $name = "$($HostName):$($Address.Split(':')[1])"
    $auth = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('rita:pass:word'))
    Set-Content -LiteralPath "$Path/docker/config.json" -Value "{`"auths`":{`"$name`":{`"auth`":`"$auth`"}}}"
    Wait-Until { Test-Listening -Address $Address }
    [pscustomobject]@{ Path = $Path; Process = $process; Image = "$name/$Repository"; Url = "img://$name/$Repository"; Label = "dewytest=$run"; Application = "dewytest-$run" }
}

function Publish-TestImage {
    <# Builds an image of busybox that serves its tag on port 8080 and ends when it is asked to, and pushes it. #>
    param([Parameter(Mandatory)] $Lab, [Parameter(Mandatory)] [string] $Tag)
    $context = "$($Lab.Path)/build-$Tag"
    $null = New-Item -ItemType Directory -Path "$context/www" -Force
    Copy-Item -LiteralPath (Get-Command -Name busybox -CommandType Application)[0].Source -Destination "$context/busybox"
    Set-Content -LiteralPath "$context/www/index.html", "$context/www/health" -Value $Tag -NoNewline
    Set-Content -LiteralPath "$context/Dockerfile" -Value @"
FROM scratch
COPY busybox /bin/busybox
COPY www /www
LABEL $($Lab.Label)
EXPOSE 8080/tcp
CMD ["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; /bin/busybox httpd -f -p 8080 -h /www & wait"]
"@
    $image = "$($Lab.Image):$Tag"
    $null = Invoke-Docker -Argument build, --quiet, --tag, $image, $context
    $null = Invoke-Docker -Argument push, --quiet, $image -Configuration "$($Lab.Path)/docker"
    $null = Invoke-Docker -Argument image, rm, --force, $image
}

function Get-LabContainer {
    <# Names of the lab's containers, running or not. #>
    param([Parameter(Mandatory)] $Lab)
    Invoke-Docker -Argument ps, --all, --filter, "label=dewy.app=$($Lab.Application)", --format, '{{.Names}}'
}

function Stop-ContainerLab {
    param([Parameter(Mandatory)] $Lab)
    $containers = Invoke-Docker -Argument ps, --all, --quiet, --filter, "label=$($Lab.Label)"
    if ($containers) { $null = Invoke-Docker -Argument (@('rm', '--force', '--volumes') + $containers) }
    $images = Invoke-Docker -Argument images, --all, --quiet, --filter, "label=$($Lab.Label)" | Sort-Object -Unique
    if ($images) { $null = Invoke-Docker -Argument (@('image', 'rm', '--force') + $images) }
    Stop-Process -InputObject $Lab.Process
    $Lab.Process.WaitForExit()
}

Export-ModuleMember -Function *-*
