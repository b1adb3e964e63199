using Dewy.Engine.Composition.Definitions;
using Dewy.Engine.Processes;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Composition;

/// <summary>What is wrong with options taken together though each is fine by itself.</summary>
internal static class CrossCheck
{
    public static void Validate(OptionSet given, ApplicationOptions options, OptionProblems problems)
    {
        ValidateRegistry(given, options, problems);
        if (given.Contains("otlp-insecure") && options.Telemetry.OtlpEndpoint is null && !given.Origin("otlp-insecure").StartsWith("DEWY_", StringComparison.Ordinal))
            problems.Add(given.Origin("otlp-insecure"), "needs an --otlp-endpoint");
        if (options.Proxy is not null)
            ValidateProxy(given, options, problems);
        if (options.Server is not { } server)
            return;

        if (server.Command.Count == 0 && !given.Contains("command"))
            problems.Add("command", "server mode needs the program to run, such as -- ./current/myapp");
        if (options.Proxy is null)
            RefuseProxyOptions(given, problems);
        if (options.Listen.Count + options.ListenTcp.Count == 0)
            RefuseWithoutPorts(given, problems);
        else if (options.Proxy is null)
            RefuseWithPorts(given, server, problems);
        else
            RefuseBehindProxy(given, server, problems);
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

    private static void RefuseProxyOptions(OptionSet given, OptionProblems problems)
    {
        foreach (var definition in ProxyDefinitions.All.Where(definition => given.Contains(definition.Name) && !EnvironmentOptions.IsOriginOf(given, definition)))
            problems.Add(given.Origin(definition.Name), "needs --handoff proxy and a --port");
    }

    private static void RefuseWithoutPorts(OptionSet given, OptionProblems problems)
    {
        if (given.Contains("port"))
            return; // it was given and is wrong: that is said already

        foreach (var name in (string[])["handoff", "health-path"])
        {
            if (given.Contains(name))
                problems.Add(given.Origin(name), "needs a --port");
        }
    }

    private static void RefuseWithPorts(OptionSet given, ServerOptions server, OptionProblems problems)
    {
        if (OperatingSystem.IsWindows())
            problems.Add(given.Origin("handoff"), "programs cannot inherit sockets on Windows; use --handoff proxy");
        if (server.Overlap)
            problems.Add(given.Origin("overlap"), "is for programs without ports; with --port versions always overlap");
        if (server.HealthPath is not null && server.Listen.All(address => address.Port is null))
            problems.Add(given.Origin("health-path"), "needs a TCP port; a Unix socket is not asked");
    }

    private static void RefuseBehindProxy(OptionSet given, ServerOptions server, OptionProblems problems)
    {
        if (server.Overlap)
            problems.Add(given.Origin("overlap"), "is for programs without ports; behind the proxy versions always overlap");
        foreach (var name in (string[])["start-wait", "kill-old-delay"])
        {
            if (given.Contains(name))
                problems.Add(given.Origin(name), "is for --handoff socket; behind the proxy --health-timeout and --drain-time say it");
        }
    }
}
