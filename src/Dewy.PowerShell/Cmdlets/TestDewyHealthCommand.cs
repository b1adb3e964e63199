using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>One health check as the agent makes it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DewyHealth")]
[OutputType(typeof(HealthResult))]
[OutputType(typeof(bool))]
public sealed class TestDewyHealthCommand : DewyCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Addresses", "Uri")]
    public string[] Address { get; set; } = [];

    [Parameter(Position = 1)]
    [ValidatePattern("^/")]
    public string? HealthPath { get; set; }

    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        foreach (var address in Address)
        {
            var result = await Engine.TestHealthAsync(address, HealthPath, TimeSpan.FromSeconds(TimeoutSec), cancellationToken);
            Emit(Quiet ? result.Healthy : result);
        }
    }
}
