using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Checks;

/// <summary>Asks the registry once for the newest release, and remembers what came of it.</summary>
internal sealed class RegistryLook(CheckGround ground) : IAsyncDisposable
{
    /// <summary>How long a look at something else waits for what the registry says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new(ConfigurationChecker.Limit, ground.Services.Time);
    private readonly DatedHandler.Clock _clock = new();
    private readonly Lock _gate = new();
    private Task<ReleaseFinding>? _asking;
    private volatile IReleaseSource? _source;

    /// <summary>Where the credentials come from that the registry was shown; null where it takes none.</summary>
    public string? Credentials => _source?.Credentials;

    /// <summary>How far this host's clock is ahead of the registry's; null where no answer told the time.</summary>
    public TimeSpan? ClockAhead => _clock.Ahead;

    /// <summary>The newest release, or what looking for it failed with: the same for whoever asks.</summary>
    public Task<ReleaseFinding> FindAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _asking ??= AskAsync();
        return _asking.WaitAsync(cancellationToken);
    }

    /// <summary>The newest release; null where it is not known, whatever the reason, which another check tells.</summary>
    public async Task<ReleaseFinding?> TryFindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cancellationToken).WaitAsync(Patience, ground.Services.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is DewyException or TimeoutException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_asking is { } asking)
            await asking.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (_source is { } source)
            await source.DisposeAsync();
        _end.Dispose();
    }

    private async Task<ReleaseFinding> AskAsync()
    {
        var services = ground.Services.RegistryServices(ground.Redactor) with
        {
            Credential = ground.Options.Credential,
            CreateHandler = () => new DatedHandler(RegistryHandlers.Create(), _clock, ground.Services.Time),
        };
        _source = ground.Services.Registries.Create(ground.Options.Registry, services);
        return await ground.Services.FinderOf(ground.Options, _source).FindNewestAsync(_end.Token);
    }
}
