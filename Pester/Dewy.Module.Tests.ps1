#requires -Version 7.6
#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
    Import-DewyUnderTest
}

Describe 'The module' {
    BeforeDiscovery {
        Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath DewyTest.psm1) -Force
        Import-DewyUnderTest
        $cmdlets = (Get-Module Dewy).ExportedCmdlets.Keys | Sort-Object
        # Every type a cmdlet may write, and what such an object holds that a person may look at by itself.
        $types = @((Get-Command -Module Dewy).OutputType.Type) + [Dewy.PlanStep], [Dewy.LiveRelease], [Dewy.RunningProcess], [Dewy.BlockedRelease], [Dewy.PhaseTiming], [Dewy.DeploymentError], [Dewy.Artifact] |
            Where-Object { $_ -and $_ -ne [void] } | Sort-Object -Property FullName -Unique
    }

    It 'exports cmdlets only' {
        $module = Get-Module Dewy
        $module.ExportedCmdlets.Count | Should -BeGreaterThan 0
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has a manifest that is valid' {
        Test-ModuleManifest -Path (Get-DewyManifestPath) | Should -Not -BeNullOrEmpty
    }

    It 'leaves the default load context alone' {
        $script = "Import-Module '$(Get-DewyManifestPath)'; `$null = Get-DewyDeployment -Root '$TestDrive'; [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Where{ -not `$_.IsDynamic -and `$_.Location -and -not `$_.Location.StartsWith(`$PSHOME) -and -not `$_.Location.StartsWith([System.Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) }.ForEach{ `$_.GetName().Name }"
        & (Get-Process -Id $PID).Path -NoProfile -Command $script | Sort-Object | Should -Be @('Dewy.Abstractions', 'Dewy.PowerShell')
    }

    It 'keeps its cmdlets when it is imported by force' {
        $before = (Get-Command -Module Dewy).Name
        Import-Module -Name (Get-DewyManifestPath) -Global -Force
        (Get-Command -Module Dewy).Name | Should -Be $before
    }

    It 'has a view for <_>' -ForEach $types {
        Get-FormatData -TypeName $_.FullName | Should -Not -BeNullOrEmpty
    }

    It 'explains <_> with examples' -ForEach $cmdlets {
        $help = Get-Help -Name $_ -Full
        $help.Synopsis | Should -Not -BeLike "$_ *"
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($parameter in $help.parameters.parameter) {
            "$($parameter.description.Text)" | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) must be described"
        }
    }

    It 'has an about topic' {
        Get-Help -Name about_Dewy | Should -Not -BeNullOrEmpty
    }
}
