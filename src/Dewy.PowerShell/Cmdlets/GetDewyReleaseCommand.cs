using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Releases of a registry as objects.</summary>
[Cmdlet(VerbsCommon.Get, "DewyRelease")]
[OutputType(typeof(Release))]
public sealed class GetDewyReleaseCommand : RegistryCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [DewyOption("registry", Form = OptionForm.Url)]
    public string Registry { get; set; } = "";

    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override object? Subject => Registry;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Options;
        foreach (var release in await Engine.GetReleasesAsync(options, All, EventSink, cancellationToken))
        {
            Session.Remember(release, options);
            Emit(release);
        }
    }
}
