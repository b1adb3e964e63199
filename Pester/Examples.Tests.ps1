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
}

Describe 'The help' -Skip:$IsWindows {
    BeforeAll {
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

        # What an example needs of this host, by what it names: the reason why it is not there.
        $needs = [ordered]@{
            's3://'                        = { if (-not $env:DEWY_TEST_S3RVER) { 'DEWY_TEST_S3RVER names no s3rver' } }
            'smtp://'                      = { $mail }
            'img://|-DewyProxy -Application' = { $containers }
        }
        foreach ($port in 8000, 8080, 5001, 5002, 5003, 5432, 5433) {
            $needs["\b$port\b"] = [scriptblock]::Create("if (Test-Listening -Address 127.0.0.1:$port) { 'port $port is taken' }")
        }

        # What is there already, by what the example is about. The first that fits counts.
        $arrangements = [ordered]@{
            'Start-DewyAgent|Start-DewyProxy -Application' = {}
            'Start-DewyProxy' = { $backends = 5001, 5002, 5433 | ForEach-Object { Start-TestBackend -Text well -Address "127.0.0.1:$_" } }
            '-DewyProxy' = {
                $backends = '127.0.0.1:0', '127.0.0.1:5003' | ForEach-Object { Start-TestBackend -Text well -Address $_ }
                $null = Start-DewyProxy -Backend $backends[0].Address -Port 127.0.0.1:0
            }
            'Test-DewyHealth' = { $backends = 5001, 8000 | ForEach-Object { Start-TestBackend -Text well -Address "127.0.0.1:$_" } }
            'Expand-DewyRelease -Tag' = { $null = Save-DewyRelease -Registry file://./registry/myapp -Tag v1.4.2 -Root ./myapp }
            'Undo-DewyDeploy -Root \./site|Get-DewyDeployment|Undo-DewyDeploy -To|\| Undo-|Invoke-DewyHook' = {
                foreach ($name in 'myapp', 'site') {
                    $app = @{ Registry = "file://./registry/$name"; Root = "./$name" }
                    foreach ($tag in 'v1.2.2', 'v1.3.0') { $null = Invoke-DewyDeploy @app -Tag $tag }
                    try { Invoke-DewyDeploy @app -Tag v0.9.0 -WarningAction Ignore } catch [Dewy.DewyException] { $null = $_ }
                    Resume-DewyAgent -Root "./$name"
                    $null = Invoke-DewyDeploy @app
                }
                $backends = Start-TestBackend -Text warm -Address 127.0.0.1:8000
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

    AfterAll {
        foreach ($name in $before.Keys) {
            Set-Item -LiteralPath "Env:$name" -Value $before[$name]
        }
        if (-not $containers) { Stop-ContainerLab -Lab $lab }
        Stop-ExampleService -Service $service
        $processes | Stop-Process
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
