using Dewy.Engine.Admin.Events;
using Dewy.Engine.Admin.Operations;
using Dewy.Engine.Agent;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Files;

namespace Dewy.Engine.Admin;

/// <summary>
/// Owns an agent's admin API from its start to its end, and everything that can go wrong with it: an agent works without.
/// </summary>
/// <param name="options">Where it listens.</param>
/// <param name="redactor">Takes secrets out of everything it says.</param>
internal sealed class AdminHost(AdminOptions options, SecretRedactor redactor) : IAgentAdmin
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private EventFeed? _feed;

    /// <summary>Answers <c>/metrics</c>; null where telemetry is off.</summary>
    public MetricsAnswer? Metrics { get; init; }

    /// <summary>Has the agent's events come by here on their way to <paramref name="events"/>.</summary>
    public IEngineEventSink Watch(IEngineEventSink events) => new FanOutEventSink(events, _feed ??= new EventFeed(redactor));

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> OpenAsync(IDewyAgent agent, AgentParts parts, CancellationToken cancellationToken)
    {
        var feed = _feed ??= new EventFeed(redactor);
        AdminSockets? sockets = null;
        try
        {
            sockets = AdminSockets.Open(options);
            using var limit = new CancellationTokenSource(StartLimit, parts.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var token = new AdminToken(parts.Root.Layout);
            var server = await StartAsync(sockets, new AgentOperations(agent, parts), feed, token, parts, either.Token);
            WriteDown(sockets, token, parts);
            parts.Publish(new AdminApiStarted(sockets.Address));
            return new Opened(server, feed, parts.Root.Layout);
        }
        catch (Exception exception) // whatever it is, it is no reason not to deploy
        {
            sockets?.Dispose();
            if (!cancellationToken.IsCancellationRequested)
                Tell(parts, "There is no admin API and no dashboard", exception);
            return feed;
        }
    }

    /// <summary>What others need to find it and to be let in. Without, say on a full disk, a person can still look.</summary>
    private void WriteDown(AdminSockets sockets, AdminToken token, AgentParts parts)
    {
        try
        {
            redactor.Add(token.Read());
            new AdminRecord { ProcessId = Environment.ProcessId, Url = sockets.Url, Socket = sockets.Path, StartedAt = parts.Time.GetUtcNow() }.Write(parts.Root.Layout);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Tell(parts, $"Commands do not find the admin API at {sockets.Address}", DiskFailure.ExplainAny(exception, parts.Root.Layout.AdminFile));
        }
    }

    /// <summary>Apart from its caller, which can then tell where the web server's assemblies are missing.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private async Task<IAsyncDisposable> StartAsync(AdminSockets sockets, IAgentOperations agent, EventFeed feed, AdminToken token, AgentParts parts, CancellationToken cancellationToken) =>
        await AdminServer.StartAsync(
            new AdminServerParts
            {
                Sockets = sockets,
                Agent = agent,
                Feed = feed,
                Token = token.Read,
                Redactor = redactor,
                Events = parts.Events,
                Time = parts.Time,
                Version = parts.Version.Version,
                Metrics = Metrics,
            },
            cancellationToken);

    private static void Tell(AgentParts parts, string consequence, Exception exception)
    {
        var known = exception as DewyException;
        parts.Publish(new AttentionNeeded(
            $"{consequence}: {exception.Message}",
            known?.Target ?? "--admin-port",
            known?.NextStep ?? "Mend that and start the agent again, or turn the admin API off with --admin-port 0."));
    }

    /// <summary>Stops in the order in which others may still be asking.</summary>
    private sealed class Opened(IAsyncDisposable server, EventFeed feed, RootLayout layout) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                File.Delete(layout.AdminFile);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Readers compare its process id with the holder of the root's lock.
            }

            await server.DisposeAsync();
            await feed.DisposeAsync();
        }
    }
}
