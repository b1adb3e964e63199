using System.Net;
using Dewy.Engine.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;
using Version = System.Version;

namespace Dewy.Engine.Containers.Engine;

/// <summary>
/// A container engine: finds it, agrees on a version of its API, and turns what goes wrong into failures a person can act
/// on. Connects with the first call, and anew after the engine was away. Thread-safe.
/// </summary>
internal sealed class ContainerEngine : IDisposable
{
    /// <summary>Every call's limit that has no other.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    /// <summary>The newest version of the API the library knows (its version matrix, 4.3).</summary>
    private static readonly Version Newest = new(1, 54);

    /// <summary>The oldest with everything that is used here: <c>platform</c> of a new container.</summary>
    private static readonly Version Oldest = new(1, 41);

    private readonly string _runtime;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _userName;
    private readonly SecretRedactor _redactor;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Connection? _connection;
    private bool _wasReached;
    private bool _disposed;

    /// <param name="runtime"><c>docker</c> or <c>podman</c>.</param>
    /// <param name="environment">The agent's environment, with <c>DOCKER_HOST</c> and the like.</param>
    /// <param name="userName">Who the agent runs as, for messages.</param>
    /// <param name="redactor">Takes secrets out of what the engine says.</param>
    /// <param name="time">The clock of time limits.</param>
    public ContainerEngine(string runtime, IReadOnlyDictionary<string, string> environment, string userName, SecretRedactor redactor, TimeProvider time)
    {
        _runtime = runtime;
        _environment = environment;
        _userName = userName;
        _redactor = redactor;
        _time = time;
    }

    /// <summary>Puts the engine's failures into words.</summary>
    /// <exception cref="DewyException"><c>DOCKER_HOST</c> is no address.</exception>
    public EngineFailure Failure => new(Address, _userName, _redactor);

    /// <summary>Where it is; a socket that appears later is found then.</summary>
    /// <exception cref="DewyException"><c>DOCKER_HOST</c> is no address.</exception>
    public EngineAddress Address => EngineAddress.Find(_runtime, _environment);

    /// <summary>What the engine says of itself.</summary>
    public async Task<VersionResponse> ConnectAsync(CancellationToken cancellationToken) =>
        await RunAsync("answer", CallLimit, (connection, _) => Task.FromResult(connection.Version), cancellationToken);

    /// <summary>Asks the engine something.</summary>
    /// <param name="what">What it is asked to do, for messages: <c>start a container</c>.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="call">The question.</param>
    /// <exception cref="DewyException">The engine is missing, denies access, or does not answer.</exception>
    /// <exception cref="DockerApiException">It answered with an error, which is the caller's to explain.</exception>
    public Task<T> CallAsync<T>(string what, TimeSpan limit, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return RunAsync(what, limit, (connection, token) => call(connection.Client, token), cancellationToken);
    }

    /// <inheritdoc cref="CallAsync{T}(string, TimeSpan, Func{DockerClient, CancellationToken, Task{T}}, CancellationToken)"/>
    public Task CallAsync(string what, TimeSpan limit, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return RunAsync(
            what,
            limit,
            async (connection, token) =>
            {
                await call(connection.Client, token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Asks the engine something that has no failures of its own.</summary>
    /// <exception cref="DewyException">The engine is missing, denies access, does not answer, or answers with an error.</exception>
    public async Task<T> AskAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(what, CallLimit, call, cancellationToken);
        }
        catch (DockerApiException exception)
        {
            throw Failure.Create(ErrorCode.EngineUnavailable, $"The container engine at {Address.Display} could not {what}: {Failure.MessageOf(exception)}.", "Look at the engine's log (journalctl -u docker).");
        }
    }

    /// <summary>As <see cref="AskAsync"/>; null where the engine has no such thing.</summary>
    public Task<T?> FindAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(call);
        return AskAsync<T?>(
            what,
            async (client, token) =>
            {
                try
                {
                    return await call(client, token);
                }
                catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    public void Dispose()
    {
        _disposed = true;
        _connection?.Client.Dispose();
        _gate.Dispose();
    }

    private async Task<T> RunAsync<T>(string what, TimeSpan limit, Func<Connection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        Connection? used = null;
        try
        {
            used = await OpenAsync(either.Token);
            return await run(used, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken); // a connection cut by it fails in other words, too
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            throw Failure.TimedOut(what, limit);
        }
        catch (Exception exception) when (Failure.Explain(exception, _wasReached) is { } failure)
        {
            throw Lost(used, failure);
        }
    }

    /// <summary>After a restart the engine may be another version. What is under way on the old connection ends by itself.</summary>
    private DewyException Lost(Connection? used, DewyException failure)
    {
        Interlocked.CompareExchange(ref _connection, null, used);
        return failure;
    }

    private async Task<Connection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } open)
            return open;
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _connection ??= await NegotiateAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Connection> NegotiateAsync(CancellationToken cancellationToken)
    {
        var address = Address;
        var version = await AskVersionAsync(address, cancellationToken);
        _wasReached = true;
        if (!Version.TryParse(version.APIVersion, out var spoken))
            throw NoEngine(address, "it names no version of its API");
        if (spoken < Oldest)
            throw Failure.Create(ErrorCode.EngineUnavailable, $"The container engine at {address.Display} speaks version {spoken} of the Engine API; Dewy needs {Oldest}.", "Update the engine (Docker 20.10 or Podman 4 at least).");
        if (Version.TryParse(version.MinAPIVersion, out var least) && least > Newest)
            throw Failure.Create(ErrorCode.EngineUnavailable, $"The container engine at {address.Display} speaks no older version of the Engine API than {least}; Dewy knows {Newest}.", "Update Dewy.");
        return new Connection(EngineTransport.Open(address, spoken < Newest ? spoken : Newest), version);
    }

    private async Task<VersionResponse> AskVersionAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        using var client = EngineTransport.Open(address, apiVersion: null);
        try
        {
            return await client.System.GetVersionAsync(cancellationToken);
        }
        catch (DockerApiException exception) when (exception.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            throw NoEngine(address, Failure.MessageOf(exception));
        }
    }

    private DewyException NoEngine(EngineAddress address, string why) =>
        Failure.Create(ErrorCode.EngineUnavailable, $"What answers at {address.Display} is no container engine, or one in trouble: {why}.", "Check DOCKER_HOST and --runtime, and the engine's log.");

    private sealed record Connection(DockerClient Client, VersionResponse Version);
}
