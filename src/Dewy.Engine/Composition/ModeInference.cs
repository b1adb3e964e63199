namespace Dewy.Engine.Composition;

/// <summary>Tells the mode where nobody named it: an image means containers, a program means a server, anything else is files.</summary>
internal static class ModeInference
{
    /// <param name="options">What was given.</param>
    /// <param name="problems">Takes what is wrong with it.</param>
    /// <param name="looksOnly">Nothing is deployed: images are listed by the options that files are.</param>
    public static DeploymentMode Infer(OptionSet options, OptionProblems problems, bool looksOnly = false)
    {
        var mode = Named(options, problems)
            ?? (IsImage(options) ? DeploymentMode.Container
            : options.Contains("command") ? DeploymentMode.Server
            : DeploymentMode.Assets);
        return mode == DeploymentMode.Container && looksOnly ? DeploymentMode.Assets : mode;
    }

    /// <summary>The word a person writes for a mode.</summary>
    public static string NameOf(DeploymentMode mode) => mode switch
    {
        DeploymentMode.Server => "server",
        DeploymentMode.Container => "container",
        _ => "assets",
    };

    private static bool IsImage(OptionSet options) =>
        options.Values("registry") is [.., var registry] && registry.StartsWith("img://", StringComparison.OrdinalIgnoreCase);

    private static DeploymentMode? Named(OptionSet options, OptionProblems problems)
    {
        if (options.Values("mode") is not [.., var text])
            return null;

        foreach (var mode in Enum.GetValues<DeploymentMode>())
        {
            if (NameOf(mode).Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
                return mode;
        }

        problems.Add(options.Origin("mode"), $"'{text}' is not one of server, assets, container");
        return null;
    }
}
