using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Deployment.Hooks;

/// <summary>Runs the command lines around a deployment. Whatever a hook does, it ends in time and its output is bounded.</summary>
/// <param name="starter">Starts the shell.</param>
/// <param name="agentEnvironment">The agent's own environment, secrets included.</param>
/// <param name="redactor">Knows what must not be shown.</param>
/// <param name="events">Told of each hook that ended.</param>
/// <param name="timeProvider">For the time limit and durations.</param>
internal sealed class HookRunner(
    IProcessStarter starter,
    IReadOnlyDictionary<string, string> agentEnvironment,
    SecretRedactor redactor,
    IEngineEventSink events,
    TimeProvider timeProvider)
{
    /// <summary>How much of each stream is kept.</summary>
    public const int OutputLimitBytes = 64 * 1024;

    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>Between the request to end and the end by force.</summary>
    public static readonly TimeSpan KillDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long output is still read after the hook ended: what it left running in the background may hold the pipe for ever.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TreeCheckInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Runs the hook of this kind; null where none is configured. A hook that fails, cannot be started or takes too long is a
    /// result, not an exception. On cancellation its process tree is ended before the exception comes.
    /// </summary>
    public async Task<HookResult?> RunAsync(HookKind kind, HookOptions options, HookContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var commandLine = kind == HookKind.BeforeDeploy ? options.BeforeDeploy : options.AfterDeploy;
        if (string.IsNullOrWhiteSpace(commandLine))
            return null;
        cancellationToken.ThrowIfCancellationRequested();
        var result = await RunAsync(kind, commandLine, options, context, cancellationToken);
        events.Publish(new HookCompleted(result) { Time = timeProvider.GetUtcNow() });
        return result;
    }

    private async Task<HookResult> RunAsync(HookKind kind, string commandLine, HookOptions options, HookContext context, CancellationToken cancellationToken)
    {
        var name = HookNames.Of(kind);
        var began = timeProvider.GetTimestamp();
        var result = new HookResult { Kind = kind, Command = redactor.Redact(commandLine), Duration = TimeSpan.Zero };
        IChildProcess child;
        try
        {
            child = Start(kind, commandLine, options, context);
        }
        catch (DewyException exception)
        {
            return result with { Duration = timeProvider.GetElapsedTime(began), Error = redactor.Redact($"The {name} hook could not be started: {exception.Message}") };
        }

        await using (child)
        {
            OutputRing output = new(OutputLimitBytes), error = new(OutputLimitBytes);
            using var stopReading = new CancellationTokenSource();
            var reading = Task.WhenAll(
                OutputPump.CopyAsync(child.StandardOutput, output, stopReading.Token),
                OutputPump.CopyAsync(child.StandardError, error, stopReading.Token));
            var exit = await WaitAsync(child, options.Timeout, cancellationToken);
            await Task.WhenAny(reading, Task.Delay(OutputGrace, timeProvider, CancellationToken.None));
            await stopReading.CancelAsync();
            await reading;
            cancellationToken.ThrowIfCancellationRequested();
            return result with
            {
                ExitCode = exit?.Code,
                Duration = timeProvider.GetElapsedTime(began),
                StandardOutput = output.Read(redactor),
                StandardError = error.Read(redactor),
                TimedOut = exit is null,
                Error = exit switch
                {
                    null => $"The {name} hook was ended because it took longer than {options.Timeout.TotalSeconds:0.###} s.",
                    { Code: 0 } => null,
                    _ => $"The {name} hook {exit}.",
                },
            };
        }
    }

    private IChildProcess Start(HookKind kind, string commandLine, HookOptions options, HookContext context)
    {
        var environment = HookEnvironment.Create(agentEnvironment, kind, context, options.PassEnvironment);
        var (program, arguments) = HookCommand.For(commandLine, environment);
        return starter.Start(new ProcessStart
        {
            Program = program,
            Arguments = arguments,
            WorkingDirectory = context.Root,
            Environment = environment,
        });
    }

    /// <summary>How the hook ended; null where it had to be ended.</summary>
    private async Task<ProcessExit?> WaitAsync(IChildProcess child, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await child.Exited.WaitAsync(limit, timeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await EndAsync(child);
            return null;
        }
    }

    private async Task EndAsync(IChildProcess child)
    {
        var tree = new ProcessTree(child);
        tree.Signal(Terminate);
        using (var patience = new CancellationTokenSource(KillDelay, timeProvider))
        using (var timer = new PeriodicTimer(TreeCheckInterval, timeProvider))
        {
            try
            {
                while (tree.IsAlive())
                    await timer.WaitForNextTickAsync(patience.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                tree.Signal(Kill);
            }
        }

        // A process that hangs in the kernel (a dead network mount) outlives KILL; the deployment must not.
        await Task.WhenAny(child.Exited, Task.Delay(KillDelay, timeProvider, CancellationToken.None));
    }
}
