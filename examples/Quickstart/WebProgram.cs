using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;

namespace Dewy.Quickstart;

/// <summary>The application: the built program of <c>Quickstart.Web</c>, packed as a version of itself.</summary>
/// <param name="folder">The folder it was built into.</param>
internal sealed class WebProgram(string folder)
{
    public const string Dll = "web.dll";

    /// <summary>What starts it: the .NET host that runs this very program.</summary>
    public static string Host { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Writes it as a tar archive.</summary>
    /// <param name="destination">Where the archive goes.</param>
    /// <param name="version">What it will say of itself.</param>
    /// <param name="under">Directory inside the archive, with a slash at its end; empty for none.</param>
    public void Pack(Stream destination, string version, string under = "")
    {
        using var tar = new TarWriter(destination, leaveOpen: true);
        foreach (var source in Directory.EnumerateFiles(folder))
            tar.WriteEntry(source, under + Path.GetFileName(source));
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(version));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{under}version.txt") { DataStream = content });
    }
}
