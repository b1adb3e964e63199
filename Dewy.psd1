@{
    RootModule             = 'bin/Dewy.PowerShell.dll'
    # Without this, [Dewy.Release] and its kin are unknown until the first cmdlet runs.
    RequiredAssemblies     = @('bin/Dewy.Abstractions.dll')
    ModuleVersion          = '0.1.0'
    GUID                   = 'c1d27f2a-6c35-4b6c-9d0c-0f6f3f1a7c52'
    Author                 = 'The Dewy authors'
    CompanyName            = 'The Dewy authors'
    Copyright              = 'Copyright (c) The Dewy authors. MIT licence.'
    Description            = 'Keeps an application at its newest release: polls a registry, deploys what is new, and goes back when it is not healthy.'
    PowerShellVersion      = '7.6'
    CompatiblePSEditions   = @('Core')
    TypesToProcess         = @('module/Dewy.Types.ps1xml')
    FormatsToProcess       = @('module/Dewy.Format.ps1xml')
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Expand-DewyRelease'
        'Get-DewyAgent'
        'Get-DewyDeployment'
        'Get-DewyProxy'
        'Get-DewyRelease'
        'Get-DewyReplica'
        'Invoke-DewyDeploy'
        'Invoke-DewyHook'
        'Resume-DewyAgent'
        'Save-DewyRelease'
        'Send-DewyNotification'
        'Set-DewyProxy'
        'Start-DewyAgent'
        'Start-DewyProxy'
        'Stop-DewyAgent'
        'Stop-DewyProxy'
        'Suspend-DewyAgent'
        'Switch-DewyRelease'
        'Test-DewyConfiguration'
        'Test-DewyHealth'
        'Undo-DewyDeploy'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @('Deployment', 'Continuous-Delivery', 'Release', 'Agent', 'Azure-Automation', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = ''
            ReleaseNotes = ''
        }
    }
}
