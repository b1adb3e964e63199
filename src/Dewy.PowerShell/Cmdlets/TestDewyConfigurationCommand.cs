using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Looks at everything an agent would depend on, and changes nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DewyConfiguration", DefaultParameterSetName = ParameterSets.Any)]
[OutputType(typeof(ConfigurationCheck))]
[OutputType(typeof(bool))]
public sealed class TestDewyConfigurationCommand : AgentSettingsCommand
{
    /// <summary>Whether all is well, instead of every check.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (Names() is not { } names)
            return;
        var checks = await Engine.CheckAsync(Options, names, cancellationToken);
        if (Quiet)
        {
            Emit(checks.All(check => check.Result != CheckResult.Failed));
            return;
        }

        foreach (var check in checks)
            Emit(check);
    }
}
