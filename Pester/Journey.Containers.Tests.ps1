#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeDiscovery {
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    $obstacle = Get-ContainerObstacle
    $title = $obstacle ? "Containers under an agent (skipped: $obstacle)" : 'Containers under an agent'
}

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe $title -Skip:([bool]$obstacle) {
    BeforeAll {
        $lab = Start-ContainerLab -Path (New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath lab))
        Publish-TestImage -Lab $lab -Tag v1.0.0
        $password = [securestring]::new()
        'pass:word'.ToCharArray().ForEach{ $password.AppendChar($_) }
        $login = [pscredential]::new('rita', $password)
    }

    BeforeEach {
        $root = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath ([guid]::NewGuid()))
        $agent = @{
            Registry       = $lab.Url
            Credential     = $login
            Mode           = 'Container'
            Root           = $root
            Name           = $lab.Application
            Port           = '127.0.0.1:0'
            Replicas       = 2
            IntervalSec    = 1
            DrainTimeSec   = 5
            StopTimeoutSec = 1
            HealthPath     = '/index.html'
        }
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
    }

    AfterAll {
        Stop-ContainerLab -Lab $lab
    }

    It 'runs replicas behind the proxy, replaces them by the next release, and leaves none' {
        $job = Start-DewyAgent @agent
        Wait-Until -TimeoutSec 90 { @((Get-DewyAgent -Root $root).Replicas.Where{ $_.State -eq 'Healthy' -and $_.Tag -eq 'v1.0.0' }).Count -eq 2 }
        $address = (Get-DewyAgent -Root $root).Proxy.Listen[0]
        Invoke-RestMethod -Uri "http://$address/index.html" | Should -Be v1.0.0

        Publish-TestImage -Lab $lab -Tag v1.1.0
        $deployed = Invoke-DewyDeploy @agent -WhatIf
        $deployed.Wanted.Tag | Should -BeIn 'v1.0.0', 'v1.1.0'
        Wait-Until -TimeoutSec 90 { (Get-DewyAgent -Root $root).Current?.Tag -eq 'v1.1.0' }
        Invoke-RestMethod -Uri "http://$address/index.html" | Should -Be v1.1.0
        Wait-Until -TimeoutSec 60 { @(Get-LabContainer -Lab $lab).Count -eq 2 }

        Stop-Job -Job $job

        $job.State | Should -Be Stopped
        Get-LabContainer -Lab $lab | Should -BeNullOrEmpty
        Test-Listening -Address $address | Should -BeFalse
        (Receive-Job -Job $job).Tag | Should -Contain 'v1.1.0'
    }

    It 'is asked for a deployment by Invoke-DewyDeploy' {
        $agent.IntervalSec = 3600
        $null = Start-DewyAgent @agent
        Wait-Until -TimeoutSec 90 { (Get-DewyAgent -Root $root).Current }
        Publish-TestImage -Lab $lab -Tag v1.2.0
        $parameters = $agent.Clone()
        $parameters.Remove('IntervalSec')
        (Invoke-DewyDeploy @parameters).Tag | Should -Be v1.2.0
        (Get-DewyAgent -Root $root).Replicas.Where{ $_.State -eq 'Healthy' }.Tag | Should -Be v1.2.0, v1.2.0
    }

    It 'is told when the credential is wrong' {
        $agent.Credential = [pscredential]::new('nobody', $password)
        { Get-DewyRelease -Registry $lab.Url -Credential $agent.Credential -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized,*'
    }

    It 'leaves none with <_>' -ForEach 'Remove-Module Dewy', 'exit' {
        $said = Start-DewyScript -Script "
            `$password = [securestring]::new(); 'pass:word'.ToCharArray().ForEach{ `$password.AppendChar(`$_) }
            `$agent = @{
                Registry = '$($lab.Url)'; Credential = [pscredential]::new('rita', `$password); Root = '$root'; Name = '$($lab.Application)'
                Port = '127.0.0.1:0'; Replicas = 2; StopTimeoutSec = 1; DrainTimeSec = 5
            }
            `$null = Start-DewyAgent @agent
            Wait-Until -TimeoutSec 90 { (Get-DewyAgent -Root '$root').Replicas.Where{ `$_.State -eq 'Healthy' }.Count -eq 2 }
            (Get-DewyAgent -Root '$root').Proxy.Listen[0]
            $_
        "
        $said | Should -Match '^127\.0\.0\.1:\d+$'
        Get-LabContainer -Lab $lab | Should -BeNullOrEmpty
        Test-Listening -Address $said | Should -BeFalse
        (Get-DewyAgent -Root $root).State | Should -Be Stopped
    }
}
