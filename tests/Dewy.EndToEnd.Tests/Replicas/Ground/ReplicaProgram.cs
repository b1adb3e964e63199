using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Dewy.EndToEnd.Tests.Hosting;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>A program that replicas run: how it is started and the files its releases are of.</summary>
/// <param name="Interpreter">What runs it, by its path on the host and, where that differs, inside a container.</param>
/// <param name="Script">Its file in a release.</param>
/// <param name="Files">The files all its releases share.</param>
/// <param name="PortCount">How many ports it listens on.</param>
/// <param name="PlainPortCount">To how many of them, the last ones, the proxy passes bytes on as they are.</param>
internal sealed record ReplicaProgram(
    (string Host, string Container) Interpreter,
    string Script,
    IReadOnlyList<(string Name, byte[] Content)> Files,
    int PortCount,
    int PlainPortCount = 0)
{
    /// <summary>Where the runtime of .NET is, inside a container.</summary>
    public const string RuntimeMount = "/dotnet";

    /// <summary>Small, at once there, and as bad as one likes (<see cref="Behaviour"/>).</summary>
    public static ReplicaProgram Small { get; } = new(("perl", "perl"), "app.pl", [], PortCount: 1);

    /// <summary>Speaks everything a proxy passes on.</summary>
    public static ReplicaProgram Full { get; } = new(("dotnet", $"{RuntimeMount}/dotnet"), Path.GetFileName(Assembly), FilesOf(Assembly), PortCount: 3, PlainPortCount: 1);

    /// <summary>Directory of the <c>dotnet</c> this runs on.</summary>
    public static string RuntimeRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Assembly => typeof(ReplicaProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "TestReplica").Value
        ?? throw new InvalidOperationException("The build did not tell where the replica is.");

    /// <summary>Name of the option that makes the proxy listen for one of its ports.</summary>
    /// <param name="index">Which, from 0.</param>
    public string PortOption(int index) => index < PortCount - PlainPortCount ? "port" : "tcp";

    /// <summary>The files of one release, after those that all share.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> FilesOfRelease(string tag, Behaviour? behaviour)
    {
        var version = Encoding.UTF8.GetBytes(tag);
        return this == Small
            ? [("a-version.txt", version), (Script, Encoding.UTF8.GetBytes((behaviour ?? Behaviour.Good).Program)), ("z-version.txt", version)]
            : [("a-version.txt", version)];
    }

    private static List<(string Name, byte[] Content)> FilesOf(string assembly) =>
    [
        .. new[] { "dll", "deps.json", "runtimeconfig.json" }
            .Select(extension => Path.ChangeExtension(assembly, extension))
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))),
    ];
}
