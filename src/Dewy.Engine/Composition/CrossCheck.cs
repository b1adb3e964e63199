using Dewy.Engine.Processes;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Composition;

/// <summary>What is wrong with options taken together though each is fine by itself.</summary>
internal static class CrossCheck
{
    public static void Validate(OptionSet given, ApplicationOptions options, OptionProblems problems)
    {
        if (options.Registry.Scheme is "img" && options.Mode != DeploymentMode.Container && given.Contains("mode"))
            problems.Add(given.Origin("registry"), $"holds images, which run in container mode; {ModeInference.NameOf(options.Mode)} mode needs a registry of files");
        if (options.Artifacts.SharedCache?.RegistryTtl is not null && options.Registry != RegistryBinding.None && !RegistryCatalog.BuiltIn.Find(options.Registry).AnswersAreShareable)
            problems.Add(given.Origin("cache"), $"registry-ttl means nothing with a {options.Registry.Scheme}:// registry, which answers each host by itself");
        if (options.Server is not { } server)
            return;

        if (server.Command.Count == 0 && !given.Contains("command"))
            problems.Add("command", "server mode needs the program to run, such as -- ./current/myapp");
        if (server.Listen.Count == 0)
            RefuseWithoutPorts(given, problems);
        else
            RefuseWithPorts(given, server, problems);
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
            problems.Add(given.Origin("port"), "programs cannot inherit sockets on Windows; leave the port to the program");
        if (server.Overlap)
            problems.Add(given.Origin("overlap"), "is for programs without ports; with --port versions always overlap");
        if (server.HealthPath is not null && server.Listen.All(address => address.Port is null))
            problems.Add(given.Origin("health-path"), "needs a TCP port; a Unix socket is not asked");
    }
}
