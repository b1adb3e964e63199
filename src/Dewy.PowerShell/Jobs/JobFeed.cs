using System.Collections;
using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Jobs;

/// <summary>
/// The streams of an agent's job, filled from events. Each is bounded: the oldest record goes when a new one does not
/// fit, and is counted. After <see cref="Close"/> late writers write nothing.
/// </summary>
internal sealed class JobFeed : IEngineEventSink
{
    /// <summary>Most records one stream keeps for <c>Receive-Job</c>.</summary>
    public const int MostRecords = 1000;

    /// <summary>Failures in a row that are written as errors; the last says that more are only told with -Verbose.</summary>
    private const int ErrorsOfARun = 3;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgressView _progressView = new();
    private bool _closed;
    private long _dropped;

    public PSDataCollection<PSObject> Output { get; } = [];

    public PSDataCollection<ErrorRecord> Errors { get; } = [];

    public PSDataCollection<WarningRecord> Warnings { get; } = [];

    public PSDataCollection<VerboseRecord> Verbose { get; } = [];

    public PSDataCollection<DebugRecord> Debug { get; } = [];

    public PSDataCollection<InformationRecord> Information { get; } = [];

    public PSDataCollection<ProgressRecord> Progress { get; } = [];

    /// <summary>Ends when the agent holds its root.</summary>
    public Task Started => _started.Task;

    /// <summary>Records that gave way to newer ones before anyone received them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Whether something waits to be received.</summary>
    public bool HasRecords => Output.Count > 0 || Errors.Count > 0 || Warnings.Count > 0 || Verbose.Count > 0
        || Debug.Count > 0 || Information.Count > 0 || Progress.Count > 0;

    public void Publish(EngineEvent engineEvent)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_progressView.Of(engineEvent) is { } progress)
                Add(Progress, progress);
            if (engineEvent is DeploymentEnded ended)
                Add(Output, PSObject.AsPSObject(ParameterWords.Of((object)ended.Deployment)));
            if (engineEvent is CycleFailed failed)
                Tell(failed);
            else if (EventNote.Of(engineEvent) is { } note)
                Tell(note, engineEvent.Time);
        }

        if (engineEvent is AgentStarted)
            _started.TrySetResult();
    }

    /// <summary>Writes the last error and closes every stream to late writers.</summary>
    public void Close(ErrorRecord? lastError)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (lastError is not null)
                Add(Errors, lastError);
            foreach (var record in _progressView.Remaining())
                Add(Progress, record);
            _closed = true;
        }
    }

    private void Tell(CycleFailed failed)
    {
        var note = EventNote.Of(failed);
        if (failed.ConsecutiveFailures > ErrorsOfARun)
        {
            Add(Verbose, new VerboseRecord(note?.Text ?? ""));
            return;
        }

        Add(Errors, ErrorRecords.From(failed.Error));
        if (failed.ConsecutiveFailures == ErrorsOfARun)
            Add(Warnings, new WarningRecord($"{ErrorsOfARun} cycles in a row have failed; further failures are told in the verbose stream until one works."));
    }

    private void Tell(EventNote note, DateTimeOffset time)
    {
        switch (note.Stream)
        {
            case NoteStream.Information:
                var record = new InformationRecord(note.Text, "Dewy") { TimeGenerated = time.LocalDateTime };
                record.Tags.AddRange(note.Tags);
                Add(Information, record);
                break;
            case NoteStream.Warning:
                Add(Warnings, new WarningRecord(note.Text));
                break;
            case NoteStream.Verbose:
                Add(Verbose, new VerboseRecord(note.Text));
                break;
            case NoteStream.Debug:
                Add(Debug, new DebugRecord(note.Text));
                break;
            default:
                throw new InvalidOperationException($"No stream {note.Stream}.");
        }
    }

    private void Add<T>(PSDataCollection<T> stream, T record)
    {
        // Only the removal is under the stream's own lock: adding raises events whose handlers may wait for other threads.
        lock (((ICollection)stream).SyncRoot)
        {
            if (stream.Count >= MostRecords)
            {
                stream.RemoveAt(0);
                Interlocked.Increment(ref _dropped);
            }
        }

        try
        {
            stream.Add(record);
        }
        catch (InvalidOperationException)
        {
            // The job was disposed of (which is the same exception) or its streams are closed.
        }
    }
}
