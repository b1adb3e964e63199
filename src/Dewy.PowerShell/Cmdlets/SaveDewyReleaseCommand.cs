using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Fetches a release's artifact into the cache and verifies it.</summary>
[Cmdlet(VerbsData.Save, "DewyRelease", DefaultParameterSetName = ByRelease, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(CachedArtifact))]
public sealed class SaveDewyReleaseCommand : ArtifactCommand
{
    private const string ByRelease = "Release";
    private const string ByTag = "Tag";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByRelease)]
    [ValidateNotNull]
    public Release? Release { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByTag)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [DewyOption("registry", Form = OptionForm.Url)]
    public string? Registry { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTag)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReleaseTagCompleter))]
    public string? Tag { get; set; }

    private protected override object? Subject => Release is { } release ? release : Tag;

    private protected override OptionSet InheritedOptions()
    {
        var inherited = new OptionSet();
        if (Release is not { } release)
            return inherited;
        inherited.FillFrom(Session.OptionsOf(release));
        if (!inherited.Contains("registry"))
            inherited.Add("registry", release.Registry, "-Release");
        return inherited;
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Options;
        var release = Release ?? await FindAsync(options, cancellationToken);
        if (!await ShouldProcessAsync($"{release.CacheKey ?? release.Tag} from {release.Registry}", "Save release into the cache"))
            return;
        var artifact = await Engine.SaveReleaseAsync(options, release, EventSink, cancellationToken);
        Session.Remember(artifact, options);
        Emit(artifact);
    }

    private async Task<Release> FindAsync(OptionSet options, CancellationToken cancellationToken)
    {
        var releases = await Engine.GetReleasesAsync(options, all: Tag is not null, EventSink, cancellationToken);
        return releases.FirstOrDefault(release => Tag is null || string.Equals(release.Tag, Tag, StringComparison.Ordinal))
            ?? throw new DewyException(ErrorCode.ReleaseNotFound, Tag is null ? $"{Registry} has no matching release." : $"{Registry} has no matching release with the tag {Tag}.")
            {
                Target = Tag ?? Registry,
                NextStep = "See what there is with Get-DewyRelease -All.",
            };
    }
}
