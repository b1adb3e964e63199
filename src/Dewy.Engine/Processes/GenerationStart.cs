using Dewy.Engine.Diagnostics;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Processes;

/// <summary>Decides whether a started generation is fit to serve, and says why where it is not.</summary>
internal sealed class GenerationStart(ServerOptions options, SecretRedactor redactor, TimeProvider time)
{
    private const string HowToListen = "Let it listen on the socket it inherits (LISTEN_FDS, SERVER_STARTER_PORT), or on the port in PORT behind the proxy: --handoff proxy.";

    /// <summary>What programs say that open the port by themselves: of the C library, of Go, Java and Python, of Node.</summary>
    private static readonly string[] PortIsTaken = ["address already in use", "EADDRINUSE"];

    private readonly ReadinessWait _readiness = new(options.StartWait, options.ReadyTimeout, time);
    private readonly HealthCheck _health = new(time);

    /// <summary>Waits until it is ready and healthy.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="health">What to ask; null to trust readiness.</param>
    /// <param name="shared">Whether others accept on the same sockets: then only its own answers count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.StartFailed"/>, <see cref="ErrorCode.StartTimeout"/> or <see cref="ErrorCode.HealthCheckFailed"/>.</exception>
    public async Task WaitUntilReadyAsync(Generation generation, HealthTarget? health, bool shared, CancellationToken cancellationToken)
    {
        var readiness = await _readiness.WaitAsync(generation.StartedTimestamp, generation.Notify, generation.Ended, cancellationToken);
        if (readiness == Readiness.TimedOut)
            throw await TimedOutAsync(generation);
        if (readiness == Readiness.Ended)
            throw await EndedAsync(generation);
        await CheckHealthAsync(generation, health, shared, cancellationToken);
    }

    /// <summary>Waits until it is healthy.</summary>
    /// <inheritdoc cref="WaitUntilReadyAsync"/>
    public async Task CheckHealthAsync(Generation generation, HealthTarget? health, bool shared, CancellationToken cancellationToken)
    {
        if (health is not null)
        {
            var owner = shared ? new ConnectionOwner(generation.Process.Id, time) : null;
            var report = await _health.RunAsync(health, options.HealthTimeout, generation.Ended, owner is null ? null : owner.FindAsync, cancellationToken);
            if (!report.Healthy && !generation.Ended.IsCompleted)
                throw await UnhealthyAsync(generation, report, shared);
        }

        if (generation.Ended.IsCompleted)
            throw await EndedAsync(generation);
    }

    /// <summary>The failure of a generation that has ended before it could serve.</summary>
    public async Task<DewyException> EndedAsync(Generation generation)
    {
        var exit = await generation.Ended;
        var opensPort = options.Listen.Count > 0 && Array.Exists(PortIsTaken, words => exit.LastOutput.Contains(words, StringComparison.OrdinalIgnoreCase));
        return new DewyException(ErrorCode.StartFailed, $"{generation} {exit} before it was ready.{WithOutput(exit.LastOutput)}")
        {
            Phase = "start",
            Target = generation.Record.Command[0],
            NextStep = opensPort
                ? $"Dewy holds the port. {HowToListen}"
                : "Look at its output; run the command by hand in the root as the agent's user.",
        };
    }

    /// <summary>The most frequent reason has its own words: a program that knows nothing of the socket it inherits.</summary>
    private static async Task<DewyException> UnhealthyAsync(Generation generation, HealthReport report, bool shared)
    {
        var output = await generation.LastOutputAsync();
        var acceptsNone = !shared && ListeningTable.CountWaiting(report.Target.EndPoint) >= report.Attempts; // each try left a connection behind
        if (!acceptsNone)
            return report.ToException(generation.ToString(), output);
        return new DewyException(ErrorCode.HealthCheckFailed, $"{generation} accepted no connection at {report.Target} within {report.Duration.TotalSeconds:0.#} s.{WithOutput(output)}")
        {
            Phase = "health",
            Target = report.Target.ToString(),
            NextStep = HowToListen,
        };
    }

    private async Task<DewyException> TimedOutAsync(Generation generation)
    {
        var status = generation.Notify?.Status is { Length: > 0 } said ? $" Its last status: {redactor.Redact(said)}." : "";
        return new DewyException(
            ErrorCode.StartTimeout,
            $"{generation} uses NOTIFY_SOCKET but did not send READY=1 within {options.ReadyTimeout.TotalSeconds:0.#} s.{status}{WithOutput(await generation.LastOutputAsync())}")
        {
            Phase = "start",
            Target = generation.Record.Command[0],
            NextStep = "Look at its output; let it send EXTEND_TIMEOUT_USEC= while it still works.",
        };
    }

    private static string WithOutput(string lastOutput) => lastOutput.Length == 0 ? " It wrote nothing." : $" Its last output:\n{lastOutput}";
}
