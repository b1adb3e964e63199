using Dewy.Engine.Processes;

namespace Dewy.Engine.Composition;

/// <summary>What is wrong with applications of one process taken together though each is fine by itself.</summary>
internal static class NeighbourCheck
{
    public static void Validate(IReadOnlyList<BoundApplication> applications, OptionProblems problems)
    {
        for (var index = 1; index < applications.Count; index++)
        {
            foreach (var earlier in applications.Take(index))
                Validate(earlier, applications[index], problems);
        }
    }

    private static void Validate(BoundApplication one, BoundApplication other, OptionProblems problems)
    {
        var both = $"{one.Options.Name} and {other.Options.Name}";
        if (SameRoot.Are(one.Options.Deployment.Root, other.Options.Deployment.Root))
            problems.Add(other.Given.Origin("root"), $"{both} have one root, {one.Options.Deployment.Root}; each application needs its own");
        if (Shared(one, other) is { } address)
            problems.Add(other.Given.Origin("port"), $"{both} both listen on {address}");
        if (one.Options.Admin.SocketPath is { } socket && string.Equals(socket, other.Options.Admin.SocketPath, StringComparison.Ordinal))
            problems.Add(other.Given.Origin("admin-port"), $"{both} have one socket for their admin API, {socket}; name another, or a port, which several may share");
        if (one.Options.Log.File is { } file && string.Equals(file, other.Options.Log.File, StringComparison.Ordinal) && one.Options.Log != other.Options.Log)
            problems.Add(other.Given.Origin("log-file"), $"{both} write one file, {file}, in different ways; give both the same --log-level and --log-format, or a file of its own each");
    }

    private static ListenAddress? Shared(BoundApplication one, BoundApplication other) =>
        Addresses(one).FirstOrDefault(address => address.Port is not 0 && Addresses(other).Contains(address));

    private static IEnumerable<ListenAddress> Addresses(BoundApplication application) =>
        application.Options.Listen.Concat(application.Options.ListenTcp).Concat(application.Options.Proxy?.Ports ?? []).Select(mapping => mapping.Listen);
}
