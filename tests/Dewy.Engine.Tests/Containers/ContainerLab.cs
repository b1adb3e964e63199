using System.Text.Json;
using Dewy.Engine.Containers;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Containers.Images;
using Dewy.Engine.Containers.RunOptions;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Registries.Oci;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Containers;

/// <summary>
/// A real engine, a real registry and images of this run. Everything carries the run's label and is removed at the end;
/// hosts opened here are closed with it.
/// </summary>
internal sealed class ContainerLab : IAsyncDisposable
{
    public const string Repository = "acme/web";

    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private readonly TemporaryDirectory _directory = new();
    private readonly List<ContainerHost> _hosts = [];
    private readonly List<ContainerEngine> _engines = [];
    private bool _isUsed;

    public DockerRegistry Registry { get; } = new();

    public RecordingEventSink Events { get; } = new();

    public SecretRedactor Redactor { get; } = new();

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The agent's environment; the tests' own engine address included.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Name of this run's application.</summary>
    public string Application => $"dewytest-{_run}";

    public string Label => $"dewytest={_run}";

    public string Root => _directory.Path;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Configuration => _directory.Combine("docker");

    public static async Task<ContainerLab> OpenAsync(bool withPassword = false)
    {
        await DockerCommand.RequireAsync(Token);
        var lab = new ContainerLab { _isUsed = true };
        lab.Environment["HOME"] = lab.Root;
        if (System.Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            lab.Environment["DOCKER_HOST"] = host;
        await lab.Registry.StartAsync(withPassword, Token);
        Directory.CreateDirectory(lab.Configuration);
        var auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        await File.WriteAllTextAsync(Path.Combine(lab.Configuration, "config.json"), $$$"""{"auths":{"{{{lab.Registry.Authority}}}":{"auth":"{{{auth}}}"} } }""", Token);
        return lab;
    }

    /// <summary>Builds an image with busybox in it, pushes it, and takes it from the engine again.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="instructions">Lines of a Dockerfile after <c>FROM</c>; the default serves its tag over HTTP on port 8080.</param>
    public async Task<Artifact> PublishAsync(string tag, string? instructions = null)
    {
        var busybox = Component.Program("busybox");
        var context = _directory.Combine($"build-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(context, "www"));
        File.Copy(busybox, Path.Combine(context, "busybox"));
        await File.WriteAllTextAsync(Path.Combine(context, "www", "index.html"), $"{tag} {_run}", Token);
        await File.WriteAllTextAsync(
            Path.Combine(context, "Dockerfile"),
            $"FROM scratch\nLABEL {Label}\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nCOPY www /www\n{instructions ?? "EXPOSE 8080/tcp 9000/udp\nCMD [\"/bin/busybox\", \"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/www\"]"}\n",
            Token);
        var reference = $"{Registry.Authority}/{Repository}:{tag}";
        await DockerCommand.RunAsync(context, Configuration, Token, "build", "--quiet", "--tag", reference, ".");
        await DockerCommand.RunAsync(null, Configuration, Token, "push", "--quiet", reference);
        var pushed = await DockerCommand.RunAsync(Token, "image", "inspect", "--format", "{{json .RepoDigests}}", reference);
        var image = (JsonSerializer.Deserialize<string[]>(pushed) ?? []).First(name => name.StartsWith($"{Registry.Authority}/{Repository}@", StringComparison.Ordinal));
        await DockerCommand.RunAsync(Token, "image", "rm", "--force", reference, image);
        return new Artifact { Name = reference, Location = new Uri($"http://{Registry.Authority}/v2/"), Image = image, Digest = Digest.Parse(image[(image.IndexOf('@', StringComparison.Ordinal) + 1)..]) };
    }

    public static LiveRelease ReleaseOf(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new LiveRelease
        {
            Tag = artifact.Name[(artifact.Name.LastIndexOf(':') + 1)..],
            Key = artifact.Name,
            Digest = artifact.Digest,
            DeployedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DeploymentId = "deployment-1",
        };
    }

    /// <summary>The images of this lab's repository, as an agent sees them.</summary>
    public ImageStore Images(ContainerEngine? engine = null, string? authority = null) =>
        new(RegistryAddress.Parse($"img://{authority ?? Registry.Authority}/{Repository}"), Services(), engine ?? Engine(), Path.Combine(Root, ".dewy", "images.json"), Events);

    public ContainerEngine Engine()
    {
        var engine = new ContainerEngine("docker", Environment, "tester", Redactor, Time);
        _engines.Add(engine);
        return engine;
    }

    /// <summary>A host that is not open yet.</summary>
    public ContainerHost Host(ContainerOptions? options = null, IReadOnlyList<int?>? ports = null, string? application = null)
    {
        var engine = Engine();
        var settings = Settings(options ?? new ContainerOptions(), ports ?? [null], application);
        var host = new ContainerHost(settings, engine, Images(engine), Redactor, Events, Time);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A host that is open.</summary>
    public async Task<ContainerHost> OpenHostAsync(ContainerOptions? options = null, IReadOnlyList<int?>? ports = null)
    {
        var host = Host(options, ports);
        await host.OpenAsync(Token);
        return host;
    }

    /// <summary>Closes a host as an agent that ends without touching its containers does.</summary>
    public async Task CloseAsync(ContainerHost host)
    {
        _hosts.Remove(host);
        await host.DisposeAsync();
    }

    /// <summary>Names of this run's containers, running or not.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync() =>
        (await DockerCommand.RunAsync(Token, "ps", "--all", "--filter", $"label={Label}", "--format", "{{.Names}}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        foreach (var engine in _engines)
            engine.Dispose();
        if (_isUsed)
        {
            await RemoveAsync(["ps", "--all", "--quiet", "--filter", $"label={Label}"], ["rm", "--force", "--volumes"]);
            await RemoveAsync(["images", "--quiet", "--filter", $"label={Label}"], ["image", "rm", "--force"]);
        }

        await Registry.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task RemoveAsync(string[] list, string[] remove)
    {
        var ids = (await DockerCommand.RunAsync(CancellationToken.None, list)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (ids.Length > 0)
            await DockerCommand.RunAsync(CancellationToken.None, [.. remove, .. ids]);
    }

    private ContainerHostSettings Settings(ContainerOptions options, IReadOnlyList<int?> ports, string? application)
    {
        var context = new RunOptionContext { BaseDirectory = Root, Environment = Environment };
        return new ContainerHostSettings
        {
            Application = application ?? Application,
            Root = Root,
            Options = options,
            RunOptions = ContainerRunOptions.Parse(["--label", Label, .. options.RunArguments], options.AllowUnsafe, context),
            Ports = ports,
            StopTimeout = TimeSpan.FromSeconds(1),
            LockDirectory = Path.Combine(Root, "locks"),
            HostName = "here",
        };
    }

    private RegistryServices Services() => new() { TimeProvider = Time, Environment = Environment, Redactor = Redactor, Platform = HostPlatform.Parse("linux/amd64") };
}
