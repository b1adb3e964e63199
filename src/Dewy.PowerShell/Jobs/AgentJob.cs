using System.ComponentModel;
using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Jobs;

/// <summary>
/// An agent as a PowerShell job. Its output are deployments; milestones are in the information stream, the log in the
/// verbose and debug streams.
/// </summary>
public sealed class AgentJob : UninterruptedJob
{
    /// <summary>What <c>Get-Job</c> shows as the type of the job.</summary>
    public const string TypeName = "DewyAgent";

    /// <summary>Longest that stopping may take before whoever waits for it is let go: more than any stop time-out a person would choose.</summary>
    internal static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);

    private readonly IDewyAgent _agent;
    private readonly JobFeed _feed;
    private readonly TimeProvider _time;
    private readonly Action<AgentJob> _removed;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Lock _transition = new();
    private bool _started;

    internal AgentJob(AgentJobRequest request)
        : base(request.CommandLine, request.Agent.Name)
    {
        _agent = request.Agent;
        _feed = request.Feed;
        _time = request.Time;
        _removed = request.Removed;
        Root = request.Root;
        PSJobTypeName = TypeName;
        Output = _feed.Output;
        Error = _feed.Errors;
        Warning = _feed.Warnings;
        Verbose = _feed.Verbose;
        Debug = _feed.Debug;
        Information = _feed.Information;
        Progress = _feed.Progress;
    }

    /// <summary>The directory the agent deploys into.</summary>
    public string Root { get; }

    /// <summary>Records that were dropped because nobody received them in time.</summary>
    public long DroppedRecords => _feed.Dropped;

    /// <inheritdoc/>
    public override bool HasMoreData => _feed.HasRecords;

    /// <inheritdoc/>
    public override string Location => Environment.MachineName;

    /// <inheritdoc/>
    public override string StatusMessage => HasEnded ? "" : _agent.GetStatus() is { Current: { } live } status ? $"{status.State}, {live.Tag} is live" : $"{_agent.GetStatus().State}";

    /// <summary>What the agent and its application are doing now.</summary>
    public AgentStatus Status => _agent.GetStatus();

    /// <summary>Why the agent ended by itself; null while it runs and where it was stopped.</summary>
    internal DewyException? Failure { get; private set; }

    /// <summary>Ends when the agent holds its root, or could not.</summary>
    internal Task StartedOrEnded => Task.WhenAny(_feed.Started, _ended.Task);

    internal bool HasEnded => JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped;

    /// <inheritdoc/>
    public override void StartJob()
    {
        lock (_gate)
        {
            if (_started)
                throw new InvalidJobStateException("The agent was started before; start another one with Start-DewyAgent.");
            _started = true;
        }

        PSBeginTime = _time.GetLocalNow().DateTime;
        Become(JobState.Running);
        _ = Task.Run(RunAsync); // owned: its end is _ended, which stopping, removing and closing the session wait for
    }

    /// <inheritdoc/>
    public override void StartJobAsync()
    {
        try
        {
            StartJob();
            OnStartJobCompleted(new AsyncCompletedEventArgs(error: null, cancelled: false, userState: null));
        }
        catch (InvalidJobStateException exception)
        {
            OnStartJobCompleted(new AsyncCompletedEventArgs(exception, cancelled: false, userState: null));
        }
    }

    /// <inheritdoc/>
    public override void StopJob() => EndAsync().Wait(StopLimit); // a synchronous border of PowerShell's

    /// <inheritdoc/>
    public override void StopJob(bool force, string reason) => StopJob();

    /// <inheritdoc/>
    public override void StopJobAsync() => _ = RaiseStoppedAsync(); // Stop-Job waits for the event without a limit; every path raises it

    /// <inheritdoc/>
    public override void StopJobAsync(bool force, string reason) => StopJobAsync();

    /// <summary>Asks the agent to stop and ends when it has; at once where it never ran.</summary>
    internal Task EndAsync()
    {
        // Whoever is told of the finished state may remove the job right there, on the very thread that sets _ended next.
        if (HasEnded)
            return Task.CompletedTask;
        bool running;
        lock (_gate)
        {
            running = _started;
            _started = true;
        }

        if (running)
        {
            Become(JobState.Stopping);
            RequestStop();
        }
        else
        {
            _feed.Close(lastError: null);
            Become(JobState.Stopped);
            _ended.TrySetResult();
        }

        return _ended.Task;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _removed(this);
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task RunAsync()
    {
        ErrorRecord? error = null;
        try
        {
            try
            {
                await _agent.RunAsync(_stop.Token);
            }
            finally
            {
                await _agent.DisposeAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was stopped; agents may say so either way.
        }
        catch (DewyException exception)
        {
            Failure = exception;
            error = ErrorRecords.From(exception, Root);
        }
        catch (Exception exception) // the task's root
        {
            var cause = ErrorRecords.CauseOf(exception);
            Failure = cause ?? new DewyException(ErrorCode.Unexpected, exception.Message, exception);
            error = cause is null ? ErrorRecords.Unexpected(exception, Root) : ErrorRecords.From(cause, Root);
        }

        End(error);
    }

    /// <summary>The last record comes before the finished state: that state closes the streams and wakes who waits.</summary>
    private void End(ErrorRecord? error)
    {
        _feed.Close(error);
        PSEndTime = _time.GetLocalNow().DateTime;
        // A rich error record is in the stream, so the state carries no reason: Receive-Job would show both.
        Become(error is not null ? JobState.Failed : _stop.IsCancellationRequested ? JobState.Stopped : JobState.Completed);
        _ended.TrySetResult();
    }

    /// <summary>
    /// Changes the state unless it is a finished one, which PowerShell itself would overwrite. The lock is held while
    /// handlers are told, so that a late <c>Stopping</c> cannot overtake the end.
    /// </summary>
    private void Become(JobState state)
    {
        lock (_transition)
        {
            if (!HasEnded)
                SetJobState(state);
        }
    }

    private void RequestStop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Removed meanwhile: it has ended.
        }
    }

    private async Task RaiseStoppedAsync()
    {
        Exception? late = null;
        try
        {
            await EndAsync().WaitAsync(StopLimit, _time);
        }
        catch (TimeoutException exception)
        {
            late = exception;
        }
        finally
        {
            OnStopJobCompleted(new AsyncCompletedEventArgs(late, cancelled: false, userState: null));
        }
    }
}
