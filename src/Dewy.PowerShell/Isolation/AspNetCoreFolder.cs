using System.Runtime.InteropServices;

namespace Dewy.PowerShell.Isolation;

/// <summary>
/// Finds the ASP.NET Core assemblies, which are not part of pwsh: those shipped with the module for this operating
/// system and architecture, else an installed shared framework of the same major version as the runtime. What of them is
/// not tied to a platform (Microsoft.Extensions, which the engine needs for more than web servers) is shipped once more
/// for all the others.
/// </summary>
internal sealed class AspNetCoreFolder
{
    private const string Framework = "Microsoft.AspNetCore.App";
    private readonly IReadOnlyList<string> _candidates;
    private readonly string? _neutral;
    private readonly Lazy<string?> _folder;

    /// <param name="candidates">Folders in the order in which they are tried.</param>
    /// <param name="neutral">Folder of assemblies that run anywhere, for what the chosen one lacks; null for none.</param>
    public AspNetCoreFolder(IReadOnlyList<string> candidates, string? neutral = null)
    {
        _candidates = candidates;
        _neutral = neutral;
        _folder = new Lazy<string?>(() => _candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "Microsoft.AspNetCore.dll"))));
    }

    /// <summary>The folders of this process for a module whose assemblies are in <paramref name="moduleBin"/>.</summary>
    public static AspNetCoreFolder For(string moduleBin) => new(
        [Path.Combine(moduleBin, "aspnetcore", RuntimeIdentifier()), .. DotnetRoots().Distinct(StringComparer.Ordinal).SelectMany(InstalledIn)],
        Path.Combine(moduleBin, "aspnetcore", "any"));

    /// <summary>The file of an ASP.NET Core assembly; null where the name belongs to something else.</summary>
    /// <exception cref="FileNotFoundException">It is an ASP.NET Core assembly and no folder has it. The message names the folders probed.</exception>
    public string? Find(string assemblyName)
    {
        if (_folder.Value is { } folder && Path.Combine(folder, assemblyName + ".dll") is var file && File.Exists(file))
            return file;
        if (_neutral is not null && Path.Combine(_neutral, assemblyName + ".dll") is var anywhere && File.Exists(anywhere))
            return anywhere;
        if (!assemblyName.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
            return null;
        throw new FileNotFoundException(
            $"{assemblyName} was not found: the ASP.NET Core {Environment.Version.Major} runtime is neither shipped with this module for {RuntimeIdentifier()} nor installed. Probed: {string.Join(", ", _candidates)}.",
            assemblyName);
    }

    /// <summary>The portable runtime identifier: what the module's folders are named after, whoever built the runtime.</summary>
    private static string RuntimeIdentifier()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : IsMusl() ? "linux-musl" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static bool IsMusl() => RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
        || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);

    private static IEnumerable<string> DotnetRoots()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ where the runtime is framework dependent.
        if (Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory())))) is { } own)
            yield return own;
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } named)
            yield return named;
        if (OperatingSystem.IsWindows())
        {
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet");
            yield break;
        }

        yield return "/usr/share/dotnet";
        yield return "/usr/lib/dotnet";
        yield return "/usr/local/share/dotnet";
    }

    private static IEnumerable<string> InstalledIn(string dotnetRoot)
    {
        var parent = Path.Combine(dotnetRoot, "shared", Framework);
        var major = Environment.Version.Major;
        var installed = Directory.Exists(parent)
            ? Directory.GetDirectories(parent)
                .Select(folder => (Folder: folder, Version: Version.TryParse(Path.GetFileName(folder), out var version) ? version : null))
                .Where(candidate => candidate.Version?.Major == major)
                .OrderByDescending(candidate => candidate.Version)
                .Select(candidate => candidate.Folder)
                .ToArray()
            : [];
        return installed.Length > 0 ? installed : [Path.Combine(parent, $"{major}.*")];
    }
}
