using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Points <c>current</c> at a release and records it.</summary>
[Cmdlet(VerbsCommon.Switch, "DewyRelease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
public sealed class SwitchDewyReleaseCommand : RootedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ExpandedRelease Release { get; set; } = null!; // mandatory: PowerShell binds it before anything runs

    [Parameter]
    [ValidateRange(1, 1000)]
    [DewyOption("keep-releases")]
    public int KeepReleases { get; set; }

    [Parameter]
    [DewyOption("no-report")]
    public SwitchParameter NoReport { get; set; }

    private protected override object? Subject => Release;

    private protected override OptionSet InheritedOptions()
    {
        var inherited = new OptionSet().FillFrom(Session.OptionsOf(Release));
        return inherited.Contains("root") ? inherited : inherited.Add("root", Release.Root, "-Release");
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(RootPath, $"Point current at {Release.Tag} ({Release.Path})"))
            Emit(await Engine.SwitchReleaseAsync(Options, Release, EventSink, cancellationToken));
    }
}
