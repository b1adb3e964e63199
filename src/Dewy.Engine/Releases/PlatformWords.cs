using System.Collections.Frozen;

namespace Dewy.Engine.Releases;

/// <summary>The words projects use in file names for operating systems, architectures and C libraries. All lower case.</summary>
internal static class PlatformWords
{
    /// <summary>Longer words are not taken apart: the ways to do so grow with the length, and names come from strangers.</summary>
    private const int LongestCompound = 24;

    private static readonly FrozenDictionary<string, string> OperatingSystems = Table(
        ("linux", "linux gnulinux appimage"),
        ("darwin", "darwin macos macosx osx mac macintosh apple"),
        ("windows", "windows win winnt mingw msys cygwin exe"),
        ("freebsd", "freebsd"), ("openbsd", "openbsd"), ("netbsd", "netbsd"), ("dragonfly", "dragonfly dragonflybsd"),
        ("solaris", "solaris sunos"), ("illumos", "illumos omnios"), ("aix", "aix"), ("plan9", "plan9"),
        ("android", "android androideabi linuxandroid linuxandroideabi"), ("ios", "ios iphoneos tvos watchos"), ("ohos", "ohos linuxohos"),
        ("wasm", "wasm wasm32 wasm64 wasi wasip1 wasip2 emscripten"), ("haiku", "haiku"), ("fuchsia", "fuchsia"),
        ("redox", "redox"), ("hurd", "hurd"), ("zos", "zos"), ("uefi", "uefi"));

    /// <summary>Distributions: they say Linux, and they stay part of the build's name.</summary>
    private static readonly FrozenSet<string> Distributions = new[]
    {
        "ubuntu", "debian", "centos", "rhel", "fedora", "alpine", "archlinux", "opensuse", "suse", "sles", "rocky", "rockylinux",
        "almalinux", "amazonlinux", "amzn", "manylinux", "musllinux", "raspbian", "rpi", "el",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ArchitectureWord> Architectures = ArchitectureTable();

    private static readonly FrozenDictionary<string, CLibrary> Libraries = new Dictionary<string, CLibrary>(StringComparer.Ordinal)
    {
        ["musl"] = CLibrary.Musl, ["musleabi"] = CLibrary.Musl, ["musleabihf"] = CLibrary.Musl, ["alpine"] = CLibrary.Musl, ["musllinux"] = CLibrary.Musl,
        ["gnu"] = CLibrary.Gnu, ["glibc"] = CLibrary.Gnu, ["gnueabi"] = CLibrary.Gnu, ["gnueabihf"] = CLibrary.Gnu, ["gnullvm"] = CLibrary.Gnu,
        ["manylinux"] = CLibrary.Gnu, ["mingw"] = CLibrary.Gnu,
        ["msvc"] = CLibrary.Msvc, ["static"] = CLibrary.Static,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Pieces separators tear apart although they belong together: <c>x86_64</c>, <c>arm-v7</c>, <c>64-bit</c>, <c>linux-64</c>, and <c>linux-android</c>, which is not Linux.</summary>
    private static readonly FrozenSet<string> Joints = JointTable();

    /// <summary>The canonical name of the operating system a word says; null where it says none.</summary>
    public static string? OperatingSystem(string word) =>
        OperatingSystems.GetValueOrDefault(word)
        ?? OperatingSystems.GetValueOrDefault(WithoutRelease(word))
        ?? (IsDistribution(word) ? "linux" : null);

    /// <summary>Whether a word names a Linux distribution, its release included (<c>ubuntu22.04</c>, <c>el9</c>).</summary>
    public static bool IsDistribution(string word) => word is not "el" && Distributions.Contains(WithoutRelease(word));

    /// <summary>What a word says about the architecture; null where it says nothing.</summary>
    public static ArchitectureWord? Architecture(string word) => Architectures.GetValueOrDefault(word);

    /// <summary>The C library a word says.</summary>
    public static CLibrary Library(string word) =>
        Libraries.TryGetValue(word, out var library) || Libraries.TryGetValue(WithoutRelease(word), out library) ? library : CLibrary.Unknown;

    /// <summary>Whether two neighbouring pieces make one word.</summary>
    public static bool BelongTogether(string left, string right) => Joints.Contains(left + right);

    /// <summary>
    /// The platform words a word is wholly made of, such as <c>linux64</c> or <c>macosarm64</c>; the word itself where it is
    /// known as it stands or is not made of such words. Never a substring: <c>wintun</c> and <c>armada</c> stay what they are.
    /// </summary>
    public static IReadOnlyList<string> Decompose(string word) =>
        word.Length > LongestCompound || IsKnown(word) || Split(word) is not { } parts ? [word] : parts;

    private static bool IsKnown(string word) => OperatingSystem(word) is not null || Architectures.ContainsKey(word) || Libraries.ContainsKey(word);

    /// <summary>Words that may be part of a longer one; the short words of "any architecture" would make platforms out of English.</summary>
    private static bool IsPart(string word) =>
        OperatingSystems.ContainsKey(word) || Libraries.ContainsKey(word) || (Architectures.ContainsKey(word) && word is not ("all" or "any" or "fat" or "noarch"));

    private static List<string>? Split(string word)
    {
        for (var length = word.Length - 2; length >= 3; length--)
        {
            var head = word[..length];
            if (!IsPart(head))
                continue;
            var tail = word[length..];
            if (tail is "32" or "64")
                return [head, tail + "bit"];
            if (IsPart(tail))
                return [head, tail];
            if (Split(tail) is { } rest)
                return [head, .. rest];
        }

        return null;
    }

    /// <summary>The word without a release's number after it: <c>macos13</c>, <c>ubuntu22.04</c>, <c>glibc2.17</c>; 32 and 64 are numbers of bits.</summary>
    private static string WithoutRelease(string word)
    {
        var name = word.TrimEnd("0123456789.".ToCharArray());
        return word[name.Length..] is "32" or "64" ? word : name;
    }

    private static FrozenDictionary<string, string> Table(params (string Name, string Words)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row.Name)))
            .ToFrozenDictionary(pair => pair.word, pair => pair.Name, StringComparer.Ordinal);

    private static FrozenDictionary<string, ArchitectureWord> ArchitectureTable()
    {
        (ArchitectureWord Meaning, string Words)[] rows =
        [
            (new("amd64"), "amd64 x64 x8664 intel64 em64t x86_64 amdx64"),
            (new("amd64", 1), "amd64v1 x8664v1"), (new("amd64", 2), "amd64v2 x8664v2"),
            (new("amd64", 3), "amd64v3 x8664v3"), (new("amd64", 4), "amd64v4 x8664v4"),
            (new("386"), "386 i386 i486 i586 i686 ia32 x32 x8632"), (new("386", Family: true), "x86"),
            (new("amd64", Weak: true), "64bit intel"), (new("arm64", Weak: true), "m1"), (new("386", Weak: true), "32bit"),
            (new("arm64"), "arm64 aarch64 armv8 armv8a arm64v8 arm64v8a arm64e aarch64v8 armv9 silicon applesilicon"),
            (new("arm64be"), "aarch64be arm64be"),
            (new("arm", Family: true), "arm"), (new("arm"), "arm32"),
            (new("arm", 5), "armv5 arm5 armel armv5te armv5tel arm32v5 armv5l"),
            (new("arm", 6), "armv6 arm6 armv6l armv6hf armv6hl arm32v6"),
            (new("arm", 7), "armv7 arm7 armv7l armv7a armv7hf armv7hl arm32v7 arm32v7a armv7neon thumbv7neon armv7hfp"),
            (new("arm", HardFloat: true), "armhf armhfp"),
            (new("armbe"), "armeb"),
            (new("ppc64le"), "ppc64le ppc64el powerpc64le ppcle64"), (new("ppc64"), "ppc64 powerpc64"), (new("ppc"), "ppc powerpc"),
            (new("s390x"), "s390x s39064"), (new("riscv64"), "riscv64 riscv64gc rv64 rv64gc riscv"), (new("riscv32"), "riscv32 rv32"),
            (new("loong64"), "loong64 loongarch64"),
            (new("mips"), "mips mips32"), (new("mipsle"), "mipsle mipsel"), (new("mips64"), "mips64"), (new("mips64le"), "mips64le mips64el"),
            (new("sparc64"), "sparc64 sparcv9 sparc"), (new("ia64"), "ia64"), (new("m68k"), "m68k"), (new("hppa"), "hppa"), (new("sh4"), "sh4"),
            (new(ArchitectureWord.Any), "universal universal2 all any noarch fat"),
        ];
        return rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row.Meaning)))
            .ToFrozenDictionary(pair => pair.word, pair => pair.Meaning, StringComparer.Ordinal);
    }

    private static FrozenSet<string> JointTable()
    {
        const string words =
            "x8664 x8632 aarch64 arm64 amd64 ppcle64 ppc64le ppc64el s39064 riscv64 mips64 mips64le mips64el 64bit 32bit aarch64be "
            + "armv5 armv6 armv7 armv8 arm5 arm6 arm7 arm32 armhf arm64v8 arm64v8a arm32v5 arm32v6 arm32v7 arm32v7a armv7a "
            + "linuxandroid linuxandroideabi linuxohos amd64v1 amd64v2 amd64v3 amd64v4 x8664v1 x8664v2 x8664v3 x8664v4 applesilicon";
        var systems = OperatingSystems.Where(pair => pair.Value is "linux" or "darwin" or "windows").SelectMany(pair => new[] { pair.Key + "64", pair.Key + "32" });
        return words.Split(' ').Concat(systems).ToFrozenSet(StringComparer.Ordinal);
    }
}
