using Dewy.Engine.Registries;

namespace Dewy.Engine.Composition;

/// <summary>What is wrong with options taken together though each is fine by itself.</summary>
internal static class CrossCheck
{
    public static void Validate(OptionSet given, ApplicationOptions options, OptionProblems problems)
    {
        ValidateRegistry(given, options, problems);
        if (options.Proxy is not null)
            ValidateProxy(given, options, problems);
        if (options.Server is not { } server)
            return;

        if (server.Command.Count == 0 && !given.Contains("command"))
            problems.Add(given.Place is null ? "command" : given.Origin("command"), "server mode needs the program to run, such as -- ./current/myapp");
        if (OperatingSystem.IsWindows() && options.Proxy is null && options.Listen.Count > 0)
            problems.Add(given.Origin("handoff"), "programs cannot inherit sockets on Windows; use --handoff proxy");
    }

    private static void ValidateRegistry(OptionSet given, ApplicationOptions options, OptionProblems problems)
    {
        var isImages = options.Registry.Scheme is "img";
        if (isImages && options.Mode != DeploymentMode.Container && given.Contains("mode"))
            problems.Add(given.Origin("registry"), $"holds images, which run in container mode; {ModeInference.NameOf(options.Mode)} mode needs a registry of files");
        if (!isImages && options.Mode == DeploymentMode.Container && options.Registry != RegistryBinding.None)
            problems.Add(given.Origin("registry"), $"holds files; container mode needs a registry of images, such as img://ghcr.io/acme/myapp");
        if (options.Artifacts.SharedCache?.RegistryTtl is not null && options.Registry != RegistryBinding.None && !RegistryCatalog.BuiltIn.Find(options.Registry).AnswersAreShareable)
            problems.Add(given.Origin("cache"), $"registry-ttl means nothing with a {options.Registry.Scheme}:// registry, which answers each host by itself");
    }

    private static void ValidateProxy(OptionSet given, ApplicationOptions options, OptionProblems problems)
    {
        if (options.Proxy is { KeyFile: not null, CertificateFile: null })
            problems.Add(given.Origin("tls-key"), "needs a --tls-cert");
        var listens = options.Listen.Concat(options.ListenTcp).Select(mapping => mapping.Listen.Spec).ToList();
        if (listens.GroupBy(spec => spec, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice && !twice.Key.EndsWith(":0", StringComparison.Ordinal) && twice.Key is not "0")
            problems.Add(given.Origin("tcp"), $"{twice.Key} is a --port already");
    }
}
