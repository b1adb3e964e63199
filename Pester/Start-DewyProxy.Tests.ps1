#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Start-DewyProxy' {
    BeforeAll {
        $blue = Start-TestBackend -Text blue
    }

    AfterEach {
        Get-DewyProxy | Stop-DewyProxy
    }

    AfterAll {
        Stop-TestBackend -Backend $blue
    }

    It 'passes requests on' {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
        $proxy | Should -BeOfType Dewy.ProxyStatus
        Invoke-RestMethod -Uri "http://$($proxy.Listen[0])/" | Should -Be blue
    }

    It 'shows a backend that does not answer, and why' {
        $address = Get-FreeAddress
        $proxy = Start-DewyProxy -Backend $blue.Address, $address -Port 127.0.0.1:0
        $waiting = $proxy.Backends.Where{ $_.Name -eq $address }
        $waiting.State | Should -Be Unhealthy
        $waiting.Problem | Should -Be 'connection refused'
        $proxy | Out-String | Should -BeLike '*1 of 2 healthy*'
    }

    It 'starts several under names of their own, and none twice' {
        $null = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name one
        $null = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name two
        (Get-DewyProxy).Name | Sort-Object | Should -Be one, two
        { Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name two } | Should -Throw -ErrorId 'InvalidOption*'
    }

    It 'refuses a port that is taken' {
        { Start-DewyProxy -Backend $blue.Address -Port $blue.Address } | Should -Throw -ErrorId 'PortInUse*'
        Get-DewyProxy | Should -BeNullOrEmpty
    }

    It 'starts nothing with -WhatIf' {
        Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -WhatIf
        Get-DewyProxy | Should -BeNullOrEmpty
    }
}
