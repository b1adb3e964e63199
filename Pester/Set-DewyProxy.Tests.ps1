#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'Set-DewyProxy' {
    BeforeAll {
        $blue = Start-TestBackend -Text blue
        $green = Start-TestBackend -Text green
    }

    BeforeEach {
        $proxy = Start-DewyProxy -Backend $blue.Address -Port 127.0.0.1:0 -Name switch
        $page = "http://$($proxy.Listen[0])/"
    }

    AfterEach {
        Get-DewyProxy | Stop-DewyProxy
    }

    AfterAll {
        Stop-TestBackend -Backend $blue, $green
    }

    It 'switches to other backends, and is never without one' {
        Set-DewyProxy -Name switch -Backend $green.Address
        # The one before may still drain; it is shown until it has.
        Wait-Until {
            $names = @((Get-DewyProxy -Name switch).Backends.ForEach{ $_.Name })
            $names.Count | Should -BeGreaterThan 0
            "$names" -eq $green.Address
        }
        Invoke-RestMethod -Uri $page | Should -Be green
    }

    It 'leaves those that serve until one of the others answers' {
        $address = Get-FreeAddress
        $status = Set-DewyProxy -Name switch -Backend $address -PassThru
        $status.Backends.Where{ $_.Name -eq $address }.State | Should -Be Unhealthy
        Invoke-RestMethod -Uri $page | Should -Be blue
    }

    It 'takes everything away' {
        Set-DewyProxy -Name switch -Backend @()
        Wait-Until { (Get-DewyProxy -Name switch).Backends.Count -eq 0 }
        (Invoke-WebRequest -Uri $page -SkipHttpErrorCheck).StatusCode | Should -Be 503
    }

    It 'is given proxies by Get-DewyProxy' {
        Get-DewyProxy | Set-DewyProxy -Backend $blue.Address, $green.Address
        Wait-Until { (Get-DewyProxy -Name switch).Backends.Where{ $_.State -eq 'Healthy' }.Count -eq 2 }
    }

    It 'changes nothing with -WhatIf' {
        Set-DewyProxy -Name switch -Backend $green.Address -WhatIf
        (Get-DewyProxy -Name switch).Backends[0].Name | Should -Be $blue.Address
    }
}
