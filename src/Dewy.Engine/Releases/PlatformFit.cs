namespace Dewy.Engine.Releases;

/// <summary>How well a build runs on a host: lower numbers are better, compared from left to right.</summary>
internal static class PlatformFit
{
    private const int Universal = 8;
    private const int Unnamed = 9;

    /// <summary>The fit of a file; null where it is for another system or architecture.</summary>
    /// <param name="file">The file.</param>
    /// <param name="host">The host.</param>
    /// <param name="systemRequired">False where a file that names no operating system will do.</param>
    /// <param name="architectureNamed">Whether some file for this operating system names an architecture.</param>
    public static (int System, int Architecture, int Library)? Of(ArtifactFileName file, HostPlatform host, bool systemRequired, bool architectureNamed)
    {
        return IsForSystem(file, host, systemRequired) && ArchitectureRank(file.Architectures, host, architectureNamed) is { } rank
            ? (1 - file.Systems.Count, rank, LibraryRank(file.Library, host.CLibrary))
            : null;
    }

    /// <summary>Whether a file is for the host's operating system, and for no other.</summary>
    public static bool IsForSystem(ArtifactFileName file, HostPlatform host, bool systemRequired) => file.Systems switch
    {
        [] => !systemRequired,
        [var only] => string.Equals(only, host.OperatingSystem, StringComparison.Ordinal),
        _ => false,
    };

    private static int? ArchitectureRank(IReadOnlyList<ArchitectureWord> named, HostPlatform host, bool architectureNamed)
    {
        // Where its neighbours name their architecture and a file does not, it is the one everybody had first: x86-64.
        if (named.Count == 0)
            return !architectureNamed || host.Architecture is "amd64" ? Unnamed : null;

        // A macOS binary for several architectures names them all.
        if (named.Count > 1)
            return host.OperatingSystem is "darwin" && named.Any(word => IsOf(word, host)) ? Universal : null;
        var word = named[0];
        if (word.Name is ArchitectureWord.Any)
            return Universal;
        if (!IsOf(word, host))
            return null;
        return host.Architecture is "arm" ? ArmRank(word, host) : Math.Max(0, (word.Version ?? 1) - 1);
    }

    // Macs of 32 bits are history: "macos-arm" is arm64 and "mac-x86" amd64.
    private static bool IsOf(ArchitectureWord word, HostPlatform host) =>
        string.Equals((word, host.OperatingSystem) switch
        {
            ({ Family: true, Name: "arm" }, "darwin") => "arm64",
            ({ Family: true, Name: "386" }, "darwin") => "amd64",
            _ => word.Name,
        }, host.Architecture, StringComparison.Ordinal);

    private static int? ArmRank(ArchitectureWord word, HostPlatform host)
    {
        var have = host.Variant is { Length: 2 } variant ? variant[1] - '0' : 7;
        if (word.HardFloat)
            return have >= 7 ? 1 : have == 6 ? 3 : null;
        if (word.Version is { } wanted)
            return wanted > have ? null : wanted == have ? 0 : 2 + (have - wanted);
        return 2;
    }

    private static int LibraryRank(CLibrary file, CLibrary host)
    {
        CLibrary[] order = host switch
        {
            CLibrary.Musl => [CLibrary.Musl, CLibrary.Static, CLibrary.Unknown, CLibrary.Gnu],
            CLibrary.Msvc => [CLibrary.Msvc, CLibrary.Unknown, CLibrary.Static, CLibrary.Gnu],
            _ => [CLibrary.Gnu, CLibrary.Unknown, CLibrary.Static, CLibrary.Musl],
        };
        var rank = Array.IndexOf(order, file);
        return rank < 0 ? order.Length : rank;
    }
}
