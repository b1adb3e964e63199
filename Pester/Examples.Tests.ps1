#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

# Every example of the help runs as it is printed, and so does every script of examples/.

BeforeDiscovery {
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath ExampleLab.psm1) -Force
    Import-DewyUnderTest
    $examples = @(Get-Example)
}

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath ExampleLab.psm1) -Force
    Import-DewyUnderTest

    $template = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath template)
    New-ExampleTemplate -Path $template
    $service = Start-ExampleService -Archive "$template/registry/site/v1.4.2/site.tar.gz"

    $variables = @{ GITHUB_API_URL = $service.Url; SLACK_API_URL = "$($service.Url)slack"; SLACK_TOKEN = 'xoxb-example' }
    $processes = @()
    if ($env:DEWY_TEST_S3RVER) {
        $bucket = Start-ExampleBucket -Path "$TestDrive/s3" -Bucket acme-artifacts
        $processes += $bucket.Process
        $variables += @{ AWS_ENDPOINT_URL = $bucket.Url; AWS_ACCESS_KEY_ID = 'S3RVER'; AWS_SECRET_ACCESS_KEY = 'S3RVER' }
    }
    $mail = 'DEWY_TEST_SMTP_SERVER names no smtp-server'
    if ($env:DEWY_TEST_SMTP_SERVER) {
        try {
            $processes += Start-ExampleMailServer -Path "$TestDrive/mail"
            $mail = $null
        } catch {
            $mail = "no mail server can listen on port 25. $_"
        }
    }
    $containers = Get-ContainerObstacle
    if (-not $containers) {
        $containers = (Test-Listening -Address 127.0.0.1:5000) ? 'port 5000 is taken' : $null
    }
    if (-not $containers) {
        $lab = Start-ContainerLab -Path (New-TestRoot -Path "$TestDrive/lab") -Address 127.0.0.1:5000 -HostName localhost -Repository site
        $variables.DOCKER_CONFIG = "$($lab.Path)/docker"
        Publish-TestImage -Lab $lab -Tag v1.4.2
    }
    $before = @{}
    foreach ($name in $variables.Keys) {
        $before[$name] = [System.Environment]::GetEnvironmentVariable($name)
        Set-Item -LiteralPath "Env:$name" -Value $variables[$name]
    }
}

AfterAll {
    foreach ($name in $before.Keys) {
        Set-Item -LiteralPath "Env:$name" -Value $before[$name]
    }
    if (-not $containers) { Stop-ContainerLab -Lab $lab }
    Stop-ExampleService -Service $service
    $processes | Stop-Process
}

Describe 'The help' -Skip:$IsWindows {
    BeforeAll {
        # What an example needs of this host, by what it names: the reason why it is not there.
        $needs = [ordered]@{
            's3://' = { if (-not $env:DEWY_TEST_S3RVER) { 'DEWY_TEST_S3RVER names no s3rver' } }
            'smtp://' = { $mail }
            'img://|-DewyProxy -Application' = { $containers }
        }
        foreach ($port in 8000, 8080, 8081, 5001, 5002, 5003, 5432, 5433) {
            # The configuration file has 8000.
            $needs[$port -eq 8000 ? '\b8000\b|-Config' : "\b$port\b"] = [scriptblock]::Create("if (Test-Listening -Address 127.0.0.1:$port) { 'port $port is taken' }")
        }

        # What is there already, by what the example is about. The first that fits counts.
        $arrangements = [ordered]@{
            'Start-DewyAgent|Start-DewyProxy|Test-DewyHealth' = {}
            '-DewyProxy' = {
                $backends += Start-TestBackend -Text well
                $null = Start-DewyProxy -Backend $backends[-1].Address -Port 127.0.0.1:0
            }
            'Expand-DewyRelease -Tag' = { $null = Save-DewyRelease -Registry file://./registry/myapp -Tag v1.4.2 -Root ./myapp }
            'Undo-DewyDeploy -Root \./site|Get-DewyDeployment|Undo-DewyDeploy -To|\| Undo-|Invoke-DewyHook' = {
                foreach ($name in 'myapp', 'site') {
                    $app = @{ Registry = "file://./registry/$name"; Root = "./$name" }
                    foreach ($tag in 'v1.2.2', 'v1.3.0') { $null = Invoke-DewyDeploy @app -Tag $tag }
                    try { Invoke-DewyDeploy @app -Tag v0.9.0 -WarningAction Ignore } catch [Dewy.DewyException] { $null = $_ }
                    Resume-DewyAgent -Root "./$name"
                    $null = Invoke-DewyDeploy @app
                }
            }
            '-DewyAgent|-DewyReplica|Undo-DewyDeploy' = {
                $app = @{
                    Registry = 'file://./registry/myapp'; Root = './myapp'; Name = 'myapp'; Command = './current/myapp'; Handoff = 'Proxy'; Replicas = 2
                    Port = '127.0.0.1:0'; HealthPath = '/health'; StopTimeoutSec = 5; DrainTimeSec = 5
                }
                $null = Invoke-DewyDeploy -Registry $app.Registry -Root $app.Root -Tag v1.3.0
                Resume-DewyAgent -Root $app.Root
                $job = Start-DewyAgent @app
                $null = $job | Receive-Job -Wait | Select-Object -First 1
            }
        }

        # Those that write nothing, as their help says or because all is well.
        $silent = '^(?!.*-PassThru)([^|]*\| )*((Stop|Suspend|Resume|Set)-Dewy|Send-DewyNotification )', '^\$\w+ = ', '^if \(-not ', '-State Unhealthy', '^}'
    }

    It '<source>, <title>' -ForEach $examples {
        foreach ($need in $needs.Keys.Where{ $code -match $_ }) {
            $reason = & $needs[$need]
            if ($reason) {
                Set-ItResult -Skipped -Because $reason
                return
            }
        }
        $directory = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        Copy-Item -LiteralPath $template -Destination $directory -Recurse
        $prepare = @($arrangements.Keys.Where({ $code -match $_ }, 'First').ForEach{ $arrangements[$_] }) + {}

        $result = Invoke-Example -Code $code -Directory $directory -Prepare $prepare[0] -UntilFirst:($code -match 'Receive-Job .*-Wait$')

        $result.Failures | Should -BeNullOrEmpty
        $lastLine = $code.Split("`n")[-1].Trim()
        if (-not $silent.Where{ $lastLine -match $_ }) {
            $result.Written | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'examples/' -Skip:$IsWindows {
    BeforeAll {
        # Those beside the module that is tested: they use it.
        $folder = Join-Path -Path (Split-Path -Path (Get-DewyManifestPath)) -ChildPath examples -Resolve
    }

    It '<_> runs to its end, with what it promises' -ForEach 'quickstart', 'server', 'assets', 'pipeline', 'hooks', 'notifications', 'proxy', 'container', 'fleet' {
        $name = $_
        $arguments = @()
        switch ($name) {
            'container' {
                if ($containers) { Set-ItResult -Skipped -Because $containers; return }
            }
            'fleet' {
                if (-not $env:DEWY_TEST_S3RVER) { Set-ItResult -Skipped -Because 'DEWY_TEST_S3RVER names no s3rver'; return }
                $arguments = '-Endpoint', $bucket.Url, '-Bucket', 'acme-artifacts'
            }
        }
        $promises = @{
            quickstart    = '(?m)^Failed\s+0$', '(?m)^v1\.0\.0\s+\d+$', '(?m)^v1\.1\.0\s+\d+$'
            server        = '(?s)(answers v1\.0\.0.*){3}', 'HealthCheckFailed|Health', '(?m)^Current\s+: v1\.0\.0', '(?m)^Blocked\s+: .*v1\.[12]\.0'
            assets        = 'ChecksumMismatch: site\.tar\.gz', 'The page is still <h1>v1\.1\.0</h1>', 'the upload is meow', '(?m)^Pin\s+: v1\.0\.0'
            pipeline      = 'v1\.1\.0 stays where it is: index\.html links to abuot\.html', '(?m)^Downloaded : False'
            hooks         = 'before-deploy of v1\.0\.0', 'deployments\.log: v1\.0\.0 v1\.1\.0', '(?s)HookFailed: .*The shop is open', 'Still live: v1\.1\.0', 'v1\.1\.0 is in \d+T\d+Z'
            notifications = 'without a signature is answered 403', 'failed, as it should: ChecksumMismatch', 'deployment_ended\s+success', 'deployment_ended\s+error'
            proxy         = '(?m)^\s+20 green', '(?m)^\s+20 blue', 'The slow request was answered by green'
            container     = 'answers v1\.0\.0\.', 'is removed by hand', 'answers v1\.1\.0 all the same', '(?m)^Containers left: 0'
            fleet         = '(?m)^\s*1 asked for the releases', '(?m)^\s*1 asked for the artifact'
        }

        $result = Invoke-ExampleScript -Path (Join-Path -Path $folder -ChildPath "$name.ps1") -Argument $arguments

        $result.ExitCode | Should -Be 0 -Because $result.Said
        foreach ($promise in $promises[$name]) { $result.Said | Should -Match $promise }
    }

    It 'has none that is not run here' {
        (Get-ChildItem -LiteralPath $folder -Filter *.ps1).BaseName | Should -BeIn 'quickstart', 'server', 'assets', 'pipeline', 'hooks', 'notifications', 'proxy', 'container', 'fleet'
    }

    It 'has a runbook that deploys, and then has nothing to do' {
        $directory = Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid())
        Copy-Item -LiteralPath $template -Destination $directory -Recurse
        $runbook = Join-Path -Path $folder -ChildPath azure-automation/Invoke-DewyRunbook.ps1
        $result = Invoke-Example -Directory $directory -Code "1..2 | ForEach-Object { & '$runbook' -Registry file://./registry/site -Root ./site }"
        $result.Failures | Should -BeNullOrEmpty
        $result.Written.Tag | Should -Be v1.4.2, v1.4.2
        $result.Written.Changed | Should -Be $true, $false
    }

    It 'has a configuration file that is valid, and whose secrets are found' {
        $file = Join-Path -Path (New-TestRoot -Path "$TestDrive/configuration") -ChildPath dewy.json
        $text = Get-Content -LiteralPath (Join-Path -Path $folder -ChildPath dewy.json) -Raw
        Test-Json -Json $text -SchemaFile (Join-Path -Path $folder -ChildPath ../module/dewy.schema.json) -Options IgnoreComments, AllowTrailingCommas | Should -BeTrue
        Set-Content -LiteralPath $file -Value $text
        Set-Content -LiteralPath "$TestDrive/configuration/slack-token" -Value xoxb-example
        $env:WEB_TOKEN = 'ghp_example'
        try {
            $checks = Test-DewyConfiguration -Config $file
            $checks.Application | Sort-Object -Unique | Should -Be site, web
            $checks | Where-Object -Property Code -EQ InvalidOption | Should -BeNullOrEmpty
            ($checks | Where-Object -Property Name -EQ notifier).Result | Should -Not -Contain Failed
        } finally {
            Remove-Item -LiteralPath Env:WEB_TOKEN
        }
    }

    It 'has a workflow whose archives Dewy chooses between and verifies' {
        $text = Get-Content -LiteralPath (Join-Path -Path $folder -ChildPath github-actions/publish-release.yml) -Raw
        $steps = @{}
        foreach ($step in [regex]::Matches($text, '(?m)^ {6}- name: (?<name>.+)\n(?: {8}(?!run)\w.*\n)*? {8}run: (?:\|\n(?<run>(?: {10}.*\n?|\n)+)|(?<run>.+))')) {
            $steps[$step.Groups['name'].Value] = $step.Groups['run'].Value -replace '(?m)^ {10}'
        }
        $work = New-TestRoot -Path "$TestDrive/workflow"
        # A compiler that makes a program of nothing.
        Set-Content -LiteralPath "$work/go" -Value "#!/bin/sh`nwhile [ `"`$1`" != -o ]; do shift; done`nprintf '#!/bin/sh\n' > `"`$2`""
        chmod +x "$work/go"
        Set-Content -LiteralPath "$work/build.sh" -Value "set -e`ncd '$work'`nPATH='$($work):'`$PATH`nNAME=myapp`n$($steps['Build and pack'])`ncd dist`n$($steps.Checksums)"
        bash "$work/build.sh"
        $LASTEXITCODE | Should -Be 0
        Rename-Item -LiteralPath "$work/dist" -NewName v1.2.3
        $null = New-Item -ItemType Directory -Path "$work/registry/myapp"
        Move-Item -LiteralPath "$work/v1.2.3" -Destination "$work/registry/myapp/v1.2.3"
        $artifact = Get-DewyRelease -Registry "file://$work/registry/myapp" | Save-DewyRelease -Root "$work/root" -VerifyChecksum Required
        $platform = ($IsMacOS ? 'darwin' : 'linux') + '_' + ([System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64')
        $artifact.Key | Should -BeLike "*myapp_$platform.tar.gz"
        $artifact.VerifiedBy | Should -Contain checksums.txt
    }
}
