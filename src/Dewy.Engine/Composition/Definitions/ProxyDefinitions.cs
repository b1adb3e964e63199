using Dewy.Engine.Proxy;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>Several replicas behind the built-in proxy: containers, and programs with <c>--handoff proxy</c>.</summary>
internal static class ProxyDefinitions
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        Define.Number("replicas", OptionGroup.Proxy, "1", 1, 100,
            "How many instances run.",
            (options, value) => WithReplicas(options, replicas => replicas with { Count = value })),
        Define.Number("max-surge", OptionGroup.Proxy, "all", 1, 100,
            "How many new replicas are started before as many old ones are stopped.",
            (options, value) => WithReplicas(options, replicas => replicas with { MaxSurge = value })),
        Define.Duration("drain-time", OptionGroup.Proxy, "30s", TimeSpan.Zero, Day,
            "How long requests in flight on a replica that leaves may take.",
            (options, value) => WithProxy(WithReplicas(options, replicas => replicas with { DrainTime = value }), proxy => proxy with { DrainTime = value })),
        Define.Duration("proxy-idle-timeout", OptionGroup.Proxy, "300s", TimeSpan.Zero, Day,
            "A request or connection without a byte in either direction is ended after this; 0 for never.",
            (options, value) => WithProxy(options, proxy => proxy with { IdleTimeout = value })),
        Define.Choice("balance", OptionGroup.Proxy, "round-robin", ["round-robin", "least-requests", "random", "power-of-two-choices", "first", "sticky"],
            "How a replica is chosen for a request; sticky: by a cookie.",
            (options, value) => WithProxy(options, proxy => proxy with { Balance = Enum.Parse<BalancePolicy>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) })),
        Define.Duration("hold", OptionGroup.Proxy, "0", TimeSpan.Zero, TimeSpan.FromHours(1),
            "How long a request waits for a healthy replica, while there is none, before it is answered 503.",
            (options, value) => WithProxy(options, proxy => proxy with { Hold = value })),
        new()
        {
            Name = "tcp",
            Kind = OptionKind.Address,
            Group = OptionGroup.Proxy,
            Repeatable = true,
            ValueName = "address",
            Help = "Like --port, for plain TCP instead of HTTP: 5432, or 5432:5432 with the port inside the container.",
            Apply = (options, input) => options with { ListenTcp = PortText.Parse(input.Values, namesTarget: options.Mode == DeploymentMode.Container) },
        },
        Define.Path("tls-cert", OptionGroup.Proxy, "file",
            "Certificate chain (PEM) or PKCS #12 file; the ports then speak TLS. Read again when it changes.",
            (options, value) => File.Exists(value)
                ? WithProxy(options, proxy => proxy with { CertificateFile = value })
                : throw new FormatException($"there is no file {value}")),
        Define.Path("tls-key", OptionGroup.Proxy, "file",
            "Private key (PEM) of the certificate, where its file does not hold it.",
            (options, value) => File.Exists(value)
                ? WithProxy(options, proxy => proxy with { KeyFile = value })
                : throw new FormatException($"there is no file {value}")),
    ]).Select(definition => definition with { Modes = [DeploymentMode.Server, DeploymentMode.Container] }).ToArray();

    private static ApplicationOptions WithReplicas(ApplicationOptions options, Func<ReplicaOptions, ReplicaOptions> change) =>
        options.Replicas is null ? options : options with { Replicas = change(options.Replicas) };

    private static ApplicationOptions WithProxy(ApplicationOptions options, Func<ProxyOptions, ProxyOptions> change) =>
        options.Proxy is null ? options : options with { Proxy = change(options.Proxy) };
}
