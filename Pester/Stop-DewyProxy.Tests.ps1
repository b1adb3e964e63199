#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Stop-DewyProxy' {
    BeforeAll {
        $blue = Start-TestBackend -Text blue
    }

    BeforeEach {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0
    }

    AfterEach {
        Get-DewyProxy | Stop-DewyProxy
    }

    AfterAll {
        Stop-TestBackend -Backend $blue
    }

    It 'stops, and its port is free' {
        Stop-DewyProxy -Name proxy
        Get-DewyProxy | Should -BeNullOrEmpty
        Test-Listening -Address $proxy.Listen[0] | Should -BeFalse
    }

    It 'is given proxies by Get-DewyProxy' {
        Get-DewyProxy | Stop-DewyProxy
        Get-DewyProxy | Should -BeNullOrEmpty
    }

    It 'says what it does not know' {
        Stop-DewyProxy -Name nobody -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure.FullyQualifiedErrorId | Should -BeLike 'AgentNotFound*'
    }

    It 'stops nothing with -WhatIf' {
        Stop-DewyProxy -Name proxy -WhatIf
        Test-Listening -Address $proxy.Listen[0] | Should -BeTrue
    }
}
