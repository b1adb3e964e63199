namespace Dewy.Engine.Composition.Definitions;

/// <summary>How the root is laid out and what runs around a deployment.</summary>
internal static class DeploymentDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.List("shared", OptionGroup.Deployment, "path",
            "File or directory (with a / at its end) that lives in <root>/shared and is linked into every release.",
            (options, values) => options with { Deployment = options.Deployment with { Shared = [.. values.Select(RequireInside)] } }) with { Modes = Files },
        Define.Number("keep-releases", OptionGroup.Deployment, "7", 1, 1000,
            "How many good releases stay in <root>/releases.",
            (options, value) => options with { Deployment = options.Deployment with { KeepReleases = value } }) with { Modes = Files },
        Define.Text("before-deploy-hook", OptionGroup.Deployment, "command",
            "Command line that is run before a release is extracted.",
            (options, value) => options with { Hooks = options.Hooks with { BeforeDeploy = value } }),
        Define.Text("after-deploy-hook", OptionGroup.Deployment, "command",
            "Command line that is run once a release is live and healthy.",
            (options, value) => options with { Hooks = options.Hooks with { AfterDeploy = value } }),
        Define.Duration("hook-timeout", OptionGroup.Deployment, "10m", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1),
            "After this a hook and all its children are ended.",
            (options, value) => options with { Hooks = options.Hooks with { Timeout = value } }),
        Define.Choice("on-hook-failure", OptionGroup.Deployment, "continue", ["continue", "abort"],
            "continue: report it and go on; abort: stop the deployment before the switch.",
            (options, value) => options with { Hooks = options.Hooks with { AbortOnFailure = value is "abort" } }),
        Define.List("pass-env", OptionGroup.Deployment, "name",
            "Secret variable of the agent that hooks and the application may see; otherwise tokens and passwords are kept from them.",
            PassEnvironment),
        Define.Switch("no-report", OptionGroup.Deployment,
            "Do not tell the registry what was shipped.",
            (options, value) => options with { Deployment = options.Deployment with { Report = !value } }),
    ];

    private static IReadOnlyList<DeploymentMode> Files => [DeploymentMode.Server, DeploymentMode.Assets];

    private static ApplicationOptions PassEnvironment(ApplicationOptions options, IReadOnlyList<string> names)
    {
        var wrong = names.FirstOrDefault(name => name.Contains('=', StringComparison.Ordinal));
        if (wrong is not null)
            throw new FormatException($"'{wrong[..(wrong.IndexOf('=', StringComparison.Ordinal) + 1)]}…' carries a value; only the variable's name is wanted");

        return options with
        {
            Hooks = options.Hooks with { PassEnvironment = names },
            Server = options.Server is null ? null : options.Server with { PassEnvironment = names },
        };
    }

    private static string RequireInside(string path)
    {
        var words = path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
        return Path.IsPathRooted(path) || words.Length == 0 || words.Any(word => word is "." or "..")
            ? throw new FormatException($"'{path}' is not a path inside a release, such as config/app.json or log/")
            : path;
    }
}
