namespace Dewy.Engine.Processes;

/// <summary>One started version of the supervised program, from its start to the end of its last process.</summary>
internal sealed class Generation : IAsyncDisposable
{
    private readonly OutputTail _output;
    private readonly Lock _ending = new();
    private int _stopping;
    private Task? _end;

    public Generation(GenerationRecord record, IChildProcess process, OutputTail output, NotifySocket? notify, long startedTimestamp)
    {
        Record = record;
        Release = record.Release();
        Process = process;
        Notify = notify;
        StartedTimestamp = startedTimestamp;
        IsReady = record.Ready;
        _output = output;
        Ended = ObserveEndAsync();
    }

    public int Number => Record.Generation;

    public GenerationRecord Record { get; private set; }

    public LiveRelease Release { get; }

    public IChildProcess Process { get; }

    public NotifySocket? Notify { get; }

    /// <summary>When it started, by the clock's timestamp; for an adopted one when it was adopted.</summary>
    public long StartedTimestamp { get; }

    /// <summary>True once it serves.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True once it was told to end.</summary>
    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Whether its main process runs, by the machine's word.</summary>
    public bool IsAlive => !Process.Exited.IsCompleted && ProcessIdentity.IsAlive(Process.Id, Process.Identity);

    /// <summary>Completes when the main process has ended, with the last lines it wrote. Never faults.</summary>
    public Task<ProcessExit> Ended { get; }

    /// <summary>Notes that it is ready; what it returns is to be written down.</summary>
    public GenerationRecord MarkReady()
    {
        IsReady = true;
        return Record = Record with { Ready = true };
    }

    /// <summary>Notes that it is being told to end; what it returns is to be written down.</summary>
    public GenerationRecord MarkStopping(DateTimeOffset since) => Record = Record with { StoppingSince = since };

    /// <summary>
    /// Ends it, once: whoever asks again waits for the same end, because many programs take a second signal for an order
    /// to drop everything. From now on its end is expected.
    /// </summary>
    public Task EndOnceAsync(Func<Task> endAsync)
    {
        lock (_ending)
        {
            Volatile.Write(ref _stopping, 1);
            return _end ??= endAsync();
        }
    }

    /// <summary>The last lines it wrote so far.</summary>
    public Task<string> LastOutputAsync() => _output.LastLinesAsync();

    /// <summary>For the status.</summary>
    public RunningProcess Describe() => new()
    {
        Generation = Number,
        ProcessId = Process.Id,
        Tag = Release.Tag,
        StartedAt = Record.StartedAt,
        Ready = IsReady,
        Stopping = IsStopping,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Release.Tag} (generation {Number}, process {Process.Id})";

    /// <summary>Lets go of it; it goes on where it runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await _output.DisposeAsync();
        if (Notify is not null)
            await Notify.DisposeAsync();
    }

    private async Task<ProcessExit> ObserveEndAsync()
    {
        var exit = await Process.Exited;
        var expected = IsStopping;
        return exit with { Expected = expected, LastOutput = await _output.LastLinesAsync() };
    }
}
