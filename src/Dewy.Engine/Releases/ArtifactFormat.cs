namespace Dewy.Engine.Releases;

/// <summary>What a file's extension says: which format it has, how much it is preferred, or that it is never an artifact.</summary>
/// <param name="Extension">The extension with its dot, lower case; empty where the name has none that is known.</param>
/// <param name="IsArtifact">False for checksums, signatures, descriptions, packages and scripts.</param>
/// <param name="OperatingSystem">The operating system the extension implies; null for none.</param>
internal sealed record ArtifactFormat(string Extension, bool IsArtifact, string? OperatingSystem = null)
{
    /// <summary>Whether a file of this format is one program for every platform where nothing says otherwise.</summary>
    public bool IsPortable => Portable.Contains(Extension);

    /// <summary>Whether a project for Linux alone would publish this format.</summary>
    public bool IsUnixManner => IsArtifact && UnixManner.Contains(Extension);

    /// <summary>Whether it is a package, which is no artifact but tells what its project builds for.</summary>
    public bool IsPackage { get; private init; }

    /// <summary>Order of preference among files of one build. On Windows <c>.zip</c> and <c>.7z</c> come first. The last row is what extraction may refuse.</summary>
    private static readonly string[] Preference =
    [
        ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.bz2", ".tbz2", ".tbz", ".tar", ".zip", ".7z",
        "", ".exe", ".appimage",
        ".jar", ".war", ".phar", ".pyz",
        ".gz", ".xz", ".zst", ".bz2", ".tar.lz", ".tar.lzma", ".tar.br", ".lz", ".lzma", ".br", ".rar", ".so", ".dll", ".dylib", ".a", ".lib",
    ];

    /// <summary>What packs a directory, or is a program for an interpreter: it can be for every platform.</summary>
    private static readonly HashSet<string> Portable = new(
        (".tar.gz .tgz .tar.xz .txz .tar.zst .tzst .tar.bz2 .tbz2 .tbz .tar .zip .7z .jar .war .phar .pyz").Split(' '), StringComparer.Ordinal);

    /// <summary>What projects for Linux alone publish: tarballs and bare programs. A <c>.zip</c> is as likely for another system.</summary>
    private static readonly HashSet<string> UnixManner = new(
        (" .tar.gz .tgz .tar.xz .txz .tar.zst .tzst .tar.bz2 .tbz2 .tbz .tar .gz .xz .zst .bz2").Split(' '), StringComparer.Ordinal);

    /// <summary>Archives that are packages of a distribution.</summary>
    private static readonly string[] PackageArchives = [".pkg.tar.zst", ".pkg.tar.xz", ".pkg.tar.gz"];

    /// <summary>Packages, and the operating system of those that have only one; the words of their names say more than their extension.</summary>
    private static readonly Dictionary<string, string?> Packages = new(StringComparer.Ordinal)
    {
        [".msi"] = "windows", [".msix"] = "windows", [".msixbundle"] = "windows", [".appx"] = "windows", [".appxbundle"] = "windows",
        [".dmg"] = "darwin", [".pkg"] = "darwin", [".ipa"] = "ios", [".aab"] = "android",
        [".deb"] = null, [".rpm"] = null, [".apk"] = null, [".snap"] = null, [".flatpak"] = null,
    };

    private static readonly string[] LongestFirst = [.. Preference.Where(extension => extension.Length > 0).OrderByDescending(extension => extension.Length)];

    private static readonly HashSet<string> NeverArtifacts = new(
        (".sha .sha1 .sha1sum .sha1sums .sha224 .sha256 .sha256sum .sha256sums .sha384 .sha512 .sha512sum .sha512sums .sha3 .md5 .md5sum .md5sums .b2 .b2sum .b3 .blake3 .crc .crc32 .sum "
        + ".sig .sign .signature .asc .gpg .pgp .minisig .sigstore .cosign .bundle .pem .cert .crt .cer .der .key .pub .p7s .p7b .ots .tsr .proof .dgst .att .attestation .intoto .provenance "
        + ".sbom .spdx .cdx .cyclonedx .bom .json .json5 .jsonl .txt .xml .yml .yaml .toml .ini .cfg .conf .properties .csv .md .rst .html .pdf .log .manifest .metadata .buildinfo .changes .dsc "
        + ".deb .ddeb .udeb .rpm .srpm .apk .aab .ipa .pkg .msi .msp .msix .msixbundle .appx .appxbundle .dmg .vsix .xpi .crx .snap .flatpak .flatpakref .nupkg .snupkg .whl .gem .crate .rb .ebuild "
        + ".zsync .blockmap .torrent .metalink .diff .patch .delta .pdb .dsym .dbg .sym .map "
        + ".sh .bash .zsh .fish .nu .ps1 .psm1 .bat .cmd .vbs .run .1 .tmp .part .partial .crdownload .swp .proto .h .hpp .wit .service .desktop .plist .svg .png .ico .jpg .gif")
            .Split(' '),
        StringComparer.Ordinal);

    public static ArtifactFormat Of(string name)
    {
        var lower = name.ToLowerInvariant();
        if (Array.Find(PackageArchives, extension => lower.EndsWith(extension, StringComparison.Ordinal)) is { } package)
            return new ArtifactFormat(package, IsArtifact: false, "linux") { IsPackage = true };
        var known = Array.Find(LongestFirst, extension => lower.EndsWith(extension, StringComparison.Ordinal) && lower.Length > extension.Length);
        if (known is not null)
        {
            return new ArtifactFormat(known, IsArtifact: true, known switch
            {
                ".exe" or ".dll" => "windows",
                ".appimage" => "linux",
                ".dylib" => "darwin",
                _ => null,
            });
        }

        var last = Path.GetExtension(lower);
        return NeverArtifacts.Contains(last) && !EndsInNumber(lower)
            ? new ArtifactFormat(last, IsArtifact: false, Packages.GetValueOrDefault(last)) { IsPackage = Packages.ContainsKey(last) }
            : new ArtifactFormat("", IsArtifact: true);
    }

    /// <summary>Lower is better.</summary>
    public int Rank(string operatingSystem)
    {
        var rank = Array.IndexOf(Preference, Extension);
        return operatingSystem is "windows" && Extension is ".zip" or ".7z" ? rank - Preference.Length : rank;
    }

    // tool-1.1 is a program of version 1.1, not a manual page of section 1.
    private static bool EndsInNumber(string lower)
    {
        var dot = lower.LastIndexOf('.');
        return dot > 0 && char.IsAsciiDigit(lower[dot - 1]) && lower[(dot + 1)..].All(char.IsAsciiDigit);
    }
}
