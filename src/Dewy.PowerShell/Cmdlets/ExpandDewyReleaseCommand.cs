using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Extracts a cached artifact into <c>releases/</c> of a root.</summary>
[Cmdlet(VerbsData.Expand, "DewyRelease", DefaultParameterSetName = ByArtifact, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(ExpandedRelease))]
public sealed class ExpandDewyReleaseCommand : RootedCommand
{
    private const string ByArtifact = "Artifact";
    private const string ByTag = "Tag";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByArtifact)]
    [ValidateNotNull]
    public CachedArtifact? Artifact { get; set; }

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByTag)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CachedTagCompleter))]
    public string? Tag { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("shared")]
    public string[]? Shared { get; set; }

    private protected override object? Subject => Artifact is { } artifact ? artifact : Tag;

    private protected override OptionSet InheritedOptions()
    {
        var inherited = new OptionSet();
        if (Artifact is not { } artifact)
            return inherited;
        inherited.FillFrom(Session.OptionsOf(artifact));
        if (!inherited.Contains("root") && artifact.Root is { } root)
            inherited.Add("root", root, "-Artifact");
        return inherited;
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Options;
        var artifact = Artifact ?? FindInCache();
        if (!await ShouldProcessAsync(RootPath, $"Extract {artifact.Key} into releases"))
            return;
        var release = await Engine.ExpandReleaseAsync(options, artifact, EventSink, cancellationToken);
        Session.Remember(release, options);
        Emit(release);
    }

    private CachedArtifact FindInCache() =>
        Engine.GetCachedArtifacts(RootPath).FirstOrDefault(artifact => string.Equals(artifact.Tag, Tag, StringComparison.Ordinal))
        ?? throw new DewyException(ErrorCode.ReleaseNotFound, $"The cache of {RootPath} has no release with the tag {Tag}.")
        {
            Target = Tag,
            NextStep = "Fetch it with Get-DewyRelease and Save-DewyRelease first.",
        };
}
