using Dewy.Engine.Composition.Definitions;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Composition;

/// <summary>Finds options that mean nothing where they stand: in another mode, or beside others.</summary>
internal static class Irrelevance
{
    private static readonly string[] NeedPort = ["handoff", "health-path"];
    private static readonly string[] NeedSocketHandoff = ["start-wait", "kill-old-delay"];

    /// <summary>Options that were given for nothing, each with why.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="options">What it came to.</param>
    public static IEnumerable<(string Name, string Why)> Of(OptionSet given, ApplicationOptions options) =>
        Candidates(given, options).Where(candidate => given.Contains(candidate.Name));

    private static IEnumerable<(string Name, string Why)> Candidates(OptionSet given, ApplicationOptions options)
    {
        foreach (var (name, _) in given)
        {
            if (OptionCatalog.TryGet(name, out var definition) && !definition.Modes.Contains(options.Mode))
                yield return (name, $"means nothing in {ModeInference.NameOf(options.Mode)} mode, only in {string.Join(" and ", definition.Modes.Select(ModeInference.NameOf))} mode");
        }

        if (options.Telemetry.OtlpEndpoint is null)
            yield return ("otlp-insecure", "needs an --otlp-endpoint");
        if (options.Server is not { } server)
            yield break;
        foreach (var candidate in OfServer(given, options, server))
            yield return candidate;
    }

    private static IEnumerable<(string Name, string Why)> OfServer(OptionSet given, ApplicationOptions options, ServerOptions server)
    {
        if (options.Proxy is null)
        {
            foreach (var definition in ProxyDefinitions.All)
                yield return (definition.Name, "needs --handoff proxy and a --port");
        }

        if (options.Listen.Count + options.ListenTcp.Count == 0)
        {
            // One that was given and is wrong is said already.
            foreach (var name in given.Contains("port") ? [] : NeedPort)
                yield return (name, "needs a --port");
            yield break;
        }

        if (server.Overlap)
            yield return ("overlap", options.Proxy is null ? "is for programs without ports; with --port versions always overlap" : "is for programs without ports; behind the proxy versions always overlap");
        if (options.Proxy is null && server.HealthPath is not null && server.Listen.All(address => address.Port is null))
            yield return ("health-path", "needs a TCP port; a Unix socket is not asked");
        foreach (var name in options.Proxy is null ? [] : NeedSocketHandoff)
            yield return (name, "is for --handoff socket; behind the proxy --health-timeout and --drain-time say it");
    }
}
