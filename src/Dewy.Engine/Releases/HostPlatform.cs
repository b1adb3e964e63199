using System.Runtime.InteropServices;

namespace Dewy.Engine.Releases;

/// <summary>What an artifact must fit: operating system, architecture and C library, named as OCI images name them (GOOS, GOARCH).</summary>
/// <param name="OperatingSystem"><c>linux</c>, <c>windows</c>, <c>darwin</c>, <c>freebsd</c> …</param>
/// <param name="Architecture"><c>amd64</c>, <c>arm64</c>, <c>arm</c>, <c>386</c>, <c>riscv64</c> …</param>
/// <param name="Variant">The ARM version for <c>arm</c>, such as <c>v7</c>; null elsewhere.</param>
/// <param name="CLibrary">The C library of the host.</param>
internal sealed record HostPlatform(string OperatingSystem, string Architecture, string? Variant = null, CLibrary CLibrary = CLibrary.Unknown)
{
    /// <summary>The host this process runs on.</summary>
    public static HostPlatform Current { get; } = Detect();

    /// <summary>
    /// Reads <c>os/architecture[/variant]</c> as image registries write it (<c>linux/arm/v7</c>), with the usual synonyms;
    /// in place of the variant the C library may stand (<c>linux/amd64/musl</c>).
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the text is no platform.</exception>
    public static HostPlatform Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.ToLowerInvariant().Split('/');
        if (parts.Length is 2 or 3
            && PlatformWords.OperatingSystem(parts[0]) is { } system
            && PlatformWords.Architecture(parts[1]) is { Name: not ArchitectureWord.Any, Weak: false } architecture)
        {
            var library = parts.Length == 3 ? PlatformWords.Library(parts[2]) : CLibrary.Unknown;
            var variant = parts.Length == 3 && library == CLibrary.Unknown ? parts[2] : architecture.Name is "arm" ? $"v{architecture.Version ?? 7}" : null;
            if (library == CLibrary.Unknown)
                library = DefaultLibrary(system);
            if (variant is null || (variant.Length == 2 && variant[0] == 'v' && char.IsAsciiDigit(variant[1])))
                return new HostPlatform(system, architecture.Name, variant, library);
        }

        throw new DewyException(ErrorCode.InvalidOption, $"'{text}' is not a platform.")
        {
            Target = "platform",
            NextStep = "Write operating system and architecture, such as linux/amd64, linux/arm64 or linux/arm/v7.",
        };
    }

    /// <summary>The platform as <see cref="Parse"/> reads it and OCI image indexes have it.</summary>
    public override string ToString() => Variant is null ? $"{OperatingSystem}/{Architecture}" : $"{OperatingSystem}/{Architecture}/{Variant}";

    private static HostPlatform Detect()
    {
        var system =
            System.OperatingSystem.IsWindows() ? "windows"
            : System.OperatingSystem.IsMacOS() ? "darwin"
            : System.OperatingSystem.IsFreeBSD() ? "freebsd"
            : "linux";

        // A 32-bit userland on a 64-bit Linux kernel runs 32-bit programs only; elsewhere an emulated process (Rosetta,
        // x64 on Windows for Arm) should still get what the machine runs best.
        var architecture = system is "linux" ? RuntimeInformation.ProcessArchitecture : RuntimeInformation.OSArchitecture;
        var (name, variant) = architecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => ("amd64", null),
            System.Runtime.InteropServices.Architecture.X86 => ("386", null),
            System.Runtime.InteropServices.Architecture.Arm => ("arm", "v7"),
            System.Runtime.InteropServices.Architecture.Armv6 => ("arm", "v6"),
            System.Runtime.InteropServices.Architecture.LoongArch64 => ("loong64", null),
            _ => (architecture.ToString().ToLowerInvariant(), (string?)null), // arm64, s390x, ppc64le, riscv64
        };

        // The runtime itself is linked with the C library of the host, and its identifier says which.
        var musl = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
        return new HostPlatform(system, name, variant, musl ? CLibrary.Musl : DefaultLibrary(system));
    }

    private static CLibrary DefaultLibrary(string system) => system switch
    {
        "linux" => CLibrary.Gnu,
        "windows" => CLibrary.Msvc,
        _ => CLibrary.Unknown,
    };
}
