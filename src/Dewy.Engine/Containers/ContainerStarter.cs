using System.Net;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Containers.Images;
using Dewy.Engine.Containers.RunOptions;
using Dewy.Engine.Replicas;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>Makes containers and starts them. One that cannot be started leaves nothing behind.</summary>
internal sealed class ContainerStarter
{
    /// <summary>Making a container copies an image's volumes.</summary>
    private static readonly TimeSpan CreateLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>Cleaning up after a cancelled start must come to an end, too.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private const int MostNames = 10;

    private readonly string _application;
    private readonly ReplicaNames _names;
    private readonly IReadOnlyList<string> _command;
    private readonly ContainerRunOptions _run;
    private readonly ContainerPorts _ports;
    private readonly ContainerEngine _engine;
    private readonly ImageStore _images;
    private readonly ContainerCare _care;
    private readonly ContainerOutput _output;
    private readonly HostPathGuard _guard;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;

    public ContainerStarter(
        string application, IReadOnlyList<string> command, ContainerRunOptions run, ContainerPorts ports, ContainerEngine engine, ImageStore images,
        ContainerCare care, ContainerOutput output, HostPathGuard guard, IEngineEventSink events, TimeProvider time)
    {
        _application = application;
        _command = command;
        _run = run;
        _names = new ReplicaNames(run.Name ?? application, time);
        _ports = ports;
        _engine = engine;
        _images = images;
        _care = care;
        _output = output;
        _guard = guard;
        _events = events;
        _time = time;
    }

    /// <summary>What every container of this application is made from, image, name and labels of Dewy's apart.</summary>
    public CreateContainerParameters Template()
    {
        var parameters = new CreateContainerParameters();
        _run.ApplyTo(parameters);
        if (_command.Count > 0)
            parameters.Cmd = [.. _command];
        return parameters;
    }

    /// <summary>Makes a container and starts it.</summary>
    /// <param name="release">What it runs.</param>
    /// <param name="number">Its place among the replicas.</param>
    /// <param name="fingerprint">Of the options.</param>
    /// <returns>The container, running, and its addresses.</returns>
    /// <exception cref="DewyException">It could not be started; nothing of it is left.</exception>
    public async Task<(ContainerInspectResponse Container, IReadOnlyList<IPEndPoint> EndPoints)> StartAsync(LiveRelease release, int number, string fingerprint, CancellationToken cancellationToken)
    {
        _guard.ThrowIfUnsafe(_run.HostPaths);
        var reference = ImageReference.Of(release);
        var (image, _) = await _images.EnsureAsync(reference, release.Tag, cancellationToken);
        var port = _ports.Default(image.Config?.ExposedPorts?.Keys, reference.ToString());
        var parameters = Template();
        parameters.Image = reference.ToString();
        parameters.Platform = _images.Platform;
        foreach (var (name, value) in ContainerLabels.For(_application, release, number, fingerprint, port))
            parameters.Labels[name] = value;
        if (_run.User is null && string.IsNullOrEmpty(image.Config?.User) && image.Os is not "windows")
            parameters.User = ContainerUser.Default() ?? "";
        _ports.Publish(parameters, port);
        if (_run.UsesHostNetwork)
            parameters.HostConfig?.PortBindings.Clear();

        var (id, named) = await CreateAsync(parameters, number, release.Tag, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await JoinNetworksAsync(id, named, cancellationToken);
            await RunAsync(id, named, parameters.User, cancellationToken);
            return await LookAsync(id, named, parameters.User, cancellationToken);
        }
        catch
        {
            await CleanUpAsync(id, named);
            throw;
        }
    }

    /// <summary>
    /// Makes it under a name nobody has. Not cancelled in the middle: the engine might have made it, and nobody would know
    /// its id.
    /// </summary>
    private async Task<(string Id, string Name)> CreateAsync(CreateContainerParameters parameters, int number, string tag, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = _names.Next(number);
            parameters.Name = name;
            if (attempt == 1)
                _events.Publish(new ReplicaStarting(name, tag, parameters.Image) { Time = _time.GetUtcNow() });
            try
            {
                var created = await _engine.CallAsync("make a container", CreateLimit, (client, token) => client.Containers.CreateContainerAsync(parameters, token), CancellationToken.None);
                return (created.ID, name);
            }
            catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.Conflict && attempt < MostNames)
            {
                // Somebody else's container, or a replica that an agent before this one started in this very second.
            }
            catch (DockerApiException exception)
            {
                throw CannotStart(name, exception);
            }
            catch (DewyException)
            {
                await CleanUpAsync(name, name); // whether it was made is not known
                throw;
            }
        }
    }

    private async Task JoinNetworksAsync(string id, string name, CancellationToken cancellationToken)
    {
        foreach (var network in _run.Networks.Skip(1))
        {
            try
            {
                var join = new NetworkConnectParameters { Container = id, EndpointConfig = new EndpointSettings { Aliases = [.. network.Aliases] } };
                await _engine.CallAsync("join a network", StartLimit, (client, token) => client.Networks.ConnectNetworkAsync(network.Name, join, token), cancellationToken);
            }
            catch (DockerApiException exception)
            {
                throw CannotStart(name, exception);
            }
        }
    }

    private async Task RunAsync(string id, string name, string user, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.CallAsync("start a container", StartLimit, (client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token), cancellationToken);
        }
        catch (DockerApiException exception)
        {
            var lines = await _output.ReadAsync(id, cancellationToken);
            throw CannotStart(name, exception, lines, user);
        }
    }

    /// <summary>Looks whether it still runs, and where it listens.</summary>
    private async Task<(ContainerInspectResponse Container, IReadOnlyList<IPEndPoint> EndPoints)> LookAsync(string id, string name, string user, CancellationToken cancellationToken)
    {
        var container = await _care.InspectAsync(id, cancellationToken);
        if (container?.State is not { Running: true, Restarting: false })
            throw ContainerFailure.Exited(name, container?.State, await _output.ReadAsync(id, cancellationToken), Hint(user));
        if (_ports.Find(container, ContainerLabels.ReadNumber(ContainerIdentity.Of(container).Labels, ContainerLabels.Port)) is { } addresses)
            return (container, addresses);

        // It may have ended between the two: then the engine takes the ports away first.
        container = await _care.InspectAsync(id, cancellationToken);
        if (container?.State is not { Running: true })
            throw ContainerFailure.Exited(name, container?.State, await _output.ReadAsync(id, cancellationToken), Hint(user));
        throw new DewyException(ErrorCode.StartFailed, $"The engine published no port of the container {name} on 127.0.0.1.")
        {
            Phase = "start",
            Target = name,
            NextStep = "Give it a network that publishes ports, such as the default one (bridge).",
        };
    }

    private DewyException CannotStart(string name, DockerApiException exception, string lastOutput = "", string user = "") =>
        ContainerFailure.CannotStart(name, _engine.Failure.MessageOf(exception), lastOutput, Hint(user));

    private string? Hint(string user) =>
        user == ContainerUser.Nobody && _run.User is null
            ? $"It ran as {user}, because the image names no user and the agent is root: if it needs another, give --user (0:0 for root) after --."
            : null;

    /// <summary>Best effort, with a limit of its own: what is left all the same, the next agent's start removes.</summary>
    private async Task CleanUpAsync(string id, string name)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit, _time);
        try
        {
            if (id == name && !await IsOursAsync(name, limit.Token))
                return;
            await _care.RemoveAsync(id, name, limit.Token);
        }
        catch (Exception exception) when (exception is DewyException or OperationCanceledException)
        {
            _events.Publish(new AttentionNeeded($"The container {name} was not started, and could not be removed either.", name, $"Remove it by hand: docker rm -f {name}.") { Time = _time.GetUtcNow() });
        }
    }

    private async Task<bool> IsOursAsync(string name, CancellationToken cancellationToken) =>
        (await _care.InspectAsync(name, cancellationToken))?.Config?.Labels is { } labels
        && labels.TryGetValue(ContainerLabels.Application, out var application) && application == _application
        && labels.TryGetValue(ContainerLabels.Managed, out var managed) && managed is "true";
}
