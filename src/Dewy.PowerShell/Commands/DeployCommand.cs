using System.Management.Automation;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that deploys, in any mode, one application or those of a configuration file.</summary>
public abstract class DeployCommand : ServingCommand
{
    /// <summary>Where releases are announced.</summary>
    [Parameter(ParameterSetName = ParameterSets.Any, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Server, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Container, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [DewyOption("registry", Form = OptionForm.Url)]
    public string Registry { get; set; } = "";

    /// <summary>What deploying means; found out from the registry and the command where left out.</summary>
    [Parameter(ParameterSetName = ParameterSets.Any, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Server, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Container, ValueFromPipelineByPropertyName = true)]
    public DeploymentMode? Mode { get; set; }

    /// <summary>Name of the application; found out from the registry where left out.</summary>
    [Parameter(ParameterSetName = ParameterSets.Any, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Server, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Container, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [DewyOption("name")]
    public string? Name { get; set; }

    /// <summary>The program and its arguments, started in the root. In the default set as well: PowerShell would pass over what comes for it through the pipeline.</summary>
    [Parameter(ParameterSetName = ParameterSets.Any, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Server, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [AllowEmptyString]
    [DewyOption("command")]
    public string[]? Command { get; set; }

    /// <summary>File with the options of one application or several.</summary>
    [Parameter(ParameterSetName = ParameterSets.Configuration, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Config { get; set; }

    /// <summary>Applications of the file; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ParameterSets.Configuration)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ApplicationCompleter))]
    public string[]? Application { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureEndsStatement => true;

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        if (Config is not null)
        {
            Options = new OptionSet { BaseDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath }.Add("config", ResolvePath(Config), "-Config");
            return;
        }

        base.Prepare();
        var mode = Mode is { } given ? given
            : Registry.StartsWith("img://", StringComparison.OrdinalIgnoreCase) ? DeploymentMode.Container
            : Command is not null ? DeploymentMode.Server
            : DeploymentMode.Assets;
        Options.Add("mode", mode.ToString().ToLowerInvariant(), "-Mode");
    }

    /// <summary>The applications meant: those of the file, or the one the parameters describe.</summary>
    private protected IReadOnlyList<ConfiguredApplication> Applications()
    {
        if (Config is null)
            return [new ConfiguredApplication { Name = Name ?? "", Root = RootPath, Registry = Registry, Options = Options }];
        return Names() is { } names ? Engine.GetApplications(Options, names) : [];
    }

    /// <summary>Names of the applications meant, none for all there are; null where the file has none that fits. Tells of each name that it does not have.</summary>
    private protected IReadOnlyList<string>? Names()
    {
        if (Application is null || Engine.GetApplicationNames(Options) is not { Count: > 0 } names)
            return Application ?? [];
        foreach (var wanted in Application.Where(wanted => !WildcardPattern.ContainsWildcardCharacters(wanted) && !names.Any(name => Fits(wanted, name))))
        {
            EmitError(ErrorRecords.From(new DewyException(ErrorCode.ApplicationNotFound, $"{Config} has no application {wanted}; it has {string.Join(", ", names)}.")
            {
                Target = wanted,
                NextStep = "Name one of these.",
            }));
        }

        return names.Where(name => Application.Any(wanted => Fits(wanted, name))).ToList() is { Count: > 0 } meant ? meant : null;
    }

    private static bool Fits(string pattern, string name) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}
