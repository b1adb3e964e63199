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
            Where-Object { $_ -and $_ -ne [void] -and -not $_.IsPrimitive } | Sort-Object -Property FullName -Unique
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

    It 'has the topic <_>' -ForEach 'about_Dewy', 'about_Dewy_Agent', 'about_Dewy_Configuration', 'about_Dewy_Proxy', 'about_Dewy_Registries', 'about_Dewy_Troubleshooting' {
        Get-Help -Name $_ | Out-String | Should -Match "TOPIC\s+$_\s"
    }

    It 'works beside other versions of what it depends on' {
        # Assemblies of these names are there before the module, and are not what it was built with.
        $folder = Join-Path -Path $TestDrive -ChildPath strangers
        $null = New-Item -ItemType Directory -Path $folder
        $names = 'Serilog', 'Newtonsoft.Json', 'Microsoft.Extensions.Logging.Abstractions', 'Microsoft.Extensions.Options', 'Semver'
        foreach ($name in $names) {
            Add-Type -TypeDefinition "[assembly: System.Reflection.AssemblyVersion(`"1.2.3.4`")] namespace Strange { public static class Of$($name.Replace('.', '')) { } }" -OutputAssembly (Join-Path -Path $folder -ChildPath "$name.dll")
        }
        $registry = New-TestRegistry -Path (Join-Path -Path $TestDrive -ChildPath strange-registry)
        Publish-TestRelease -Registry $registry -Tag v1.0.0
        $root = New-TestRoot -Path (Join-Path -Path $TestDrive -ChildPath strange-root)
        Start-DewyScript -Script "
            foreach (`$file in Get-ChildItem '$folder/*.dll') { [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath(`$file.FullName) | Out-Null }
            (Invoke-DewyDeploy -Registry '$($registry.Url)' -Root '$root').Result
            `$proxy = Start-DewyProxy -Backend 127.0.0.1:1 -Port 127.0.0.1:0
            `$proxy.Listen.Count
        " | Should -Be @('Succeeded', '1')
    }

    It 'works in three runspaces at once' {
        $roots = 0..2 | ForEach-Object -Parallel {
            Import-Module -Name $using:PSScriptRoot/DewyTest.psm1
            Import-DewyUnderTest
            $registry = New-TestRegistry -Path "$using:TestDrive/parallel-$_/registry"
            Publish-TestRelease -Registry $registry -Tag "v1.0.$_"
            $root = New-TestRoot -Path "$using:TestDrive/parallel-$_/root"
            $job = Start-DewyAgent -Registry $registry.Url -Root $root
            Wait-Until { (Get-DewyAgent -Root $root).Current?.Tag -eq "v1.0.$_" }
            @(Get-DewyAgent).Count
            Stop-Job -Job $job
        } -ThrottleLimit 3
        $roots | Should -Be @(1, 1, 1)
    }
}
