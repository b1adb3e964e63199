using System.Globalization;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Engine.Containers;
using Dewy.Engine.Tests.Containers;
using Dewy.Engine.Tests.Registries.Oci;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>
/// Replicas as containers of a real engine, released through a real registry. Images hold the program alone: what runs it is
/// the host's own, mounted. Images and containers carry the run's label, and are gone in the end.
/// </summary>
internal sealed class ContainerGround : ReplicaGround
{
    public const string Repository = "acme/app";

    private readonly ReplicaProgram _program;
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];

    private ContainerGround(ReplicaProgram program) => _program = program;

    public DockerRegistry Images { get; } = new();

    /// <summary>Name of this run's application.</summary>
    public string Application => $"dewytest-{_run}";

    /// <summary>The label of everything of this run.</summary>
    public string Label => $"dewytest={_run}";

    public override string Registry => $"img://{Authority ?? Images.Authority}/{Repository}";

    /// <summary>Where agents and engine find the registry; null for where it is.</summary>
    public string? Authority { get; set; }

    public override string Command => "container";

    public override string ArgumentsOption => "run-options";

    public override IEnumerable<(string Name, string Value)> Options => [("name", Application)];

    public static async Task<ContainerGround> OpenAsync(ReplicaProgram program)
    {
        Component.Linux(); // containers here borrow the host's programs
        Component.Program("perl");
        await DockerCommand.RequireAsync(CancellationToken.None);
        var ground = new ContainerGround(program);
        await ground.Images.StartAsync(withPassword: false, CancellationToken.None);
        return ground;
    }

    public override IReadOnlyList<string> Arguments(string? greeting) =>
    [
        "--label", Label,
        .. new[] { "/usr", "/lib", "/lib64" }.Where(Directory.Exists).SelectMany(path => (string[])["-v", $"{path}:{path}:ro"]),
        .. _program == ReplicaProgram.Full ? (string[])["-v", $"{ReplicaProgram.RuntimeRoot}:{ReplicaProgram.RuntimeMount}:ro"] : [],
        .. greeting is null ? (string[])[] : ["-e", $"GREETING={greeting}"],
    ];

    public override string Listen(int port, int index) =>
        _program.PortCount == 1 ? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") : string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:{TestImages.FirstPort + index}");

    public override Task PublishAsync(string tag, Behaviour? behaviour = null) => PublishAsync(tag, ImageOf(tag, behaviour));

    public Task PublishAsync(string tag, TestImage image) => Images.PushAsync(Repository, tag, image, CancellationToken.None);

    public TestImage ImageOf(string tag, Behaviour? behaviour = null) =>
        TestImages.Of([_program.Interpreter.Container, $"./current/{_program.Script}"], _program.PortCount, Label, _program.Files, _program.FilesOfRelease(tag, behaviour));

    public override async Task<IReadOnlyList<ReplicaInstance>> InstancesAsync()
    {
        var lines = await LinesAsync("ps", "--all", "--filter", $"label={ContainerLabels.Application}={Application}", "--format", "{{.ID}} {{.State}} {{.Label \"dewy.version\"}}");
        return [.. lines.Select(line => line.Split(' ')).Select(parts => new ReplicaInstance(parts[0], parts[2], parts[1] is "running"))];
    }

    /// <summary>Images of this run that the engine has.</summary>
    public Task<IReadOnlyList<string>> EngineImagesAsync() => LinesAsync("images", "--all", "--quiet", "--no-trunc", "--filter", $"label={Label}");

    public override Task SignalAsync(ReplicaInstance instance, string signal) => DockerCommand.RunAsync(CancellationToken.None, "kill", "--signal", signal, instance.Id);

    public override async ValueTask DisposeAsync()
    {
        await RemoveAsync(["ps", "--all", "--quiet", "--filter", $"label={Label}"], "rm", "--force", "--volumes");
        await RemoveAsync(["images", "--all", "--quiet", "--filter", $"label={Label}"], "image", "rm", "--force");
        await Images.DisposeAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "" };
        foreach (var left in Find(ApplicationLock.Directory(environment, Environment.UserName), $"{Application}@*"))
            File.Delete(left);
    }

    private static IReadOnlyList<string> Find(string directory, string pattern) =>
        Directory.Exists(directory) ? Directory.GetFiles(directory, pattern) : [];

    private static async Task<IReadOnlyList<string>> LinesAsync(params string[] arguments) =>
        [.. (await DockerCommand.RunAsync(CancellationToken.None, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static async Task RemoveAsync(string[] list, params string[] remove)
    {
        if (await LinesAsync(list) is { Count: > 0 } ids)
            await DockerCommand.RunAsync(CancellationToken.None, [.. remove, .. ids]);
    }
}
