using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet about one root, and the options bound to its parameters.</summary>
public abstract class RootedCommand : DewyCommand
{
    private const string RootOption = "root";

    /// <summary>The directory deployed into; the current location where left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public virtual string? Root { get; set; }

    /// <summary>The options of this turn: those of the parameters, then those the input was made with, then the defaults that depend on PowerShell.</summary>
    private protected OptionSet Options { get; set; } = [];

    /// <summary>Absolute path of the root.</summary>
    private protected string RootPath => Options.Values(RootOption)[^1];

    /// <inheritdoc/>
    private protected override object? Subject => Options.Contains(RootOption) ? RootPath : Root;

    /// <summary>The options that the input of this turn brings along.</summary>
    private protected virtual OptionSet InheritedOptions() => [];

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        Options = new OptionSet();
        var options = new OptionBinder(ResolvePath).Bind(this, MyInvocation.BoundParameters);
        if (Root is not null)
            options.Add(RootOption, ResolvePath(Root), "-Root");
        options.FillFrom(InheritedOptions());
        if (!options.Contains(RootOption))
            options.Add(RootOption, SessionState.Path.CurrentFileSystemLocation.ProviderPath, "-Root");
        Options = options;
    }

    /// <summary>A PowerShell path as an absolute one of the file system; it need not exist.</summary>
    private protected string ResolvePath(string path)
    {
        var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name is "FileSystem"
            ? System.IO.Path.TrimEndingDirectorySeparator(resolved)
            : throw new DewyException(ErrorCode.InvalidOption, $"{path} is a path of the {provider.Name} provider, not of the file system.")
            {
                Target = path,
                NextStep = "Give a directory of the file system.",
            };
    }
}
