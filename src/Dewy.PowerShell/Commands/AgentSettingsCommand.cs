using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that takes what an agent can be configured with.</summary>
public abstract class AgentSettingsCommand : DeployCommand
{
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, SecondsOfADay)]
    [DewyOption("interval", Form = OptionForm.Seconds)]
    public int IntervalSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("admin-port")]
    public string? AdminPort { get; set; }
}
