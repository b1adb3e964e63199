#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'What is written' {
    BeforeDiscovery {
        Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
        Import-DewyUnderTest
        $types = (Get-Command -Module Dewy).OutputType.Type | Where-Object { $_ -and $_ -ne [void] -and -not $_.IsPrimitive } | Sort-Object -Property FullName -Unique
    }

    BeforeAll {
        # An object of each type, as people get them.
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath registry)
        $root = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath root)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $backend = Start-TestBackend -Text well
        $written = @(
            Invoke-DewyDeploy -Registry $registry.Url -Root $root -WhatIf
            ($release = Get-DewyRelease -Registry $registry.Url)
            ($artifact = $release | Save-DewyRelease -Root $root)
            ($expanded = $artifact | Expand-DewyRelease)
            $expanded | Switch-DewyRelease
            Invoke-DewyHook -Kind AfterDeploy -Command 'echo well' -Root $root
            Send-DewyNotification -Message 'Hello' -Notifier "webhook://$($backend.Address)/" -PassThru
            Test-DewyConfiguration -Registry $registry.Url -Root $root
            Test-DewyHealth -Address $backend.Address
            Start-DewyProxy -Backend $backend.Address -Port 127.0.0.1:0
            Start-DewyAgent -Registry $registry.Url -Root $root -Command python3, -m, http.server, --bind, 127.0.0.1, '{port}' -Handoff Proxy -Port 127.0.0.1:0 -StopTimeoutSec 5 -DrainTimeSec 5
        )
        Wait-Until { Get-DewyReplica -Root $root }
        $written += @(Get-DewyReplica -Root $root) + @(Get-DewyAgent -Root $root)
    }

    AfterAll {
        Get-Job | Where-Object PSJobTypeName -EQ DewyAgent | Remove-Job -Force
        Get-DewyProxy | Stop-DewyProxy
        Stop-TestBackend -Backend $backend
    }

    It 'as <_> is shown by its values, in a table and in a list' -Skip:$IsWindows -ForEach $types {
        $type = $_
        $objects = $written.Where{ $_ -is $type }
        $objects | Should -Not -BeNullOrEmpty
        $shown = ($objects | Out-String -Width 200), ($objects | Format-Table | Out-String -Width 200), ($objects | Format-List | Out-String -Width 200)
        foreach ($text in $shown) {
            $text.Trim() | Should -Not -BeNullOrEmpty
            # What holds other objects shows them by their values as well.
            $text | Should -Not -Match '\bDewy\.[A-Z]\w+|System\.|Microsoft\.|Dewy[A-Z]\w+\[\]'
        }
    }
}
