namespace Dewy.Cli.Output;

/// <summary>Replicas for people.</summary>
internal static class ReplicaTable
{
    private static readonly string[] Headings = ["NAME", "TAG", "STATE", "ADDRESS", "IN FLIGHT", "REQUESTS", "STARTED", "PROBLEM"];
    private static readonly string[] ContainerHeadings = ["ID", .. Headings];

    /// <summary>As many characters of an id as container engines show.</summary>
    private const int ShortId = 12;

    public static string Of(IReadOnlyList<Replica> replicas) => TextTable.Of(Headings, replicas.Select(Cells));

    /// <summary>Containers, whose id is needed to ask their engine about them.</summary>
    public static string OfContainers(IReadOnlyList<Replica> containers) =>
        TextTable.Of(ContainerHeadings, containers.Select(container => (string[])[container.Id[..Math.Min(ShortId, container.Id.Length)], .. Cells(container)]));

    private static string[] Cells(Replica replica) =>
    [
        replica.Name,
        replica.Tag,
        replica.State.ToString().ToLowerInvariant(),
        replica.Addresses.Count > 0 ? replica.Addresses[0] : "-",
        replica.InFlight.ToString(System.Globalization.CultureInfo.InvariantCulture),
        replica.Requests.ToString(System.Globalization.CultureInfo.InvariantCulture),
        TextTable.Time(replica.StartedAt),
        replica.Problem ?? "",
    ];
}
