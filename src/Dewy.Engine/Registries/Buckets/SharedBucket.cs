using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// A bucket where the hosts of a fleet leave things for each other. Nothing may depend on it: each call is short, a bucket
/// that fails is left alone for a while, and every failure of it is a <see cref="BucketUnusableException"/>, told once per
/// outage, after which the host works as if it were alone.
/// </summary>
internal sealed class SharedBucket : IAsyncDisposable
{
    /// <summary>Longest a call for a small object may take.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long a bucket that fails is left alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly string _prefix;
    private readonly IBucketStore _store;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _pipeline;
    private readonly ConditionalWrites _conditions;
    private readonly Lock _gate = new();
    private bool _isInTrouble;

    /// <param name="displayName">The bucket's URL without secrets.</param>
    /// <param name="prefix">Where the shared things are: empty, or ending in a slash.</param>
    /// <param name="store">The bucket; disposed together with this.</param>
    /// <param name="host">Name of this host, for those who wait for it.</param>
    /// <param name="events">Learns of trouble.</param>
    /// <param name="timeProvider">The clock.</param>
    public SharedBucket(string displayName, string prefix, IBucketStore store, string host, IEngineEventSink events, TimeProvider timeProvider)
    {
        DisplayName = displayName;
        Host = host;
        _prefix = prefix;
        _store = store;
        _events = events;
        _timeProvider = timeProvider;
        _conditions = new ConditionalWrites(this, store.ImpossibleValidator);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = Pause,
                BreakDuration = Pause,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is DewyException or TimeoutRejectedException),
            })
            .AddTimeout(CallTimeout)
            .Build();
    }

    /// <summary>The bucket's URL without secrets.</summary>
    public string DisplayName { get; }

    /// <summary>Name of this host.</summary>
    public string Host { get; }

    /// <summary>The most bytes one object may be written with.</summary>
    public long LargestUpload => _store.LargestUpload;

    /// <summary>Whether the bucket obeys conditions; found out once. Where it does not, hosts may do a thing more than once, never a wrong one.</summary>
    public Task<bool> HonoursConditionsAsync(CancellationToken cancellationToken) => _conditions.AreHonouredAsync(cancellationToken);

    /// <summary>Reads a small object; null where there is none.</summary>
    public Task<BucketContent?> ReadAsync(string name, string? knownValidator, CancellationToken cancellationToken) =>
        GuardAsync(token => _store.ReadAsync(_prefix + name, knownValidator, token), cancellationToken);

    /// <summary>Writes a small object; the new validator, or null where the condition did not hold.</summary>
    public Task<string?> WriteAsync(string name, byte[] content, BucketCondition condition, CancellationToken cancellationToken) =>
        GuardAsync(token => _store.WriteAsync(_prefix + name, BucketUpload.Of(content), condition, token), cancellationToken);

    /// <summary>Writes a small object under a condition that the server may not understand.</summary>
    public Task<(bool IsUnderstood, string? Validator)> TryWriteAsync(string name, byte[] content, BucketCondition condition, CancellationToken cancellationToken) =>
        GuardAsync<(bool, string?)>(
            async token =>
            {
                try
                {
                    return (true, await _store.WriteAsync(_prefix + name, BucketUpload.Of(content), condition, token));
                }
                catch (DewyException exception) when (exception.Code is ErrorCode.RegistryMalformed)
                {
                    return (false, null);
                }
            },
            cancellationToken);

    /// <summary>Removes an object.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(
            async token =>
            {
                await _store.DeleteAsync(_prefix + name, token);
                return true;
            },
            cancellationToken);

    /// <summary>Writes a large object; the new validator, or null where the condition did not hold.</summary>
    public async Task<string?> UploadAsync(string name, BucketUpload upload, BucketCondition condition, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.WriteAsync(_prefix + name, upload, condition, cancellationToken);
        }
        catch (DewyException exception)
        {
            throw Trouble(exception);
        }
    }

    /// <summary>Opens an object of any size.</summary>
    /// <exception cref="DewyException">It cannot be opened.</exception>
    public Task<ArtifactContent> OpenAsync(string name, long offset, string? validator, CancellationToken cancellationToken) =>
        _store.OpenAsync(new BucketObjectName(_prefix + name, name, Size: null), offset, validator, cancellationToken);

    /// <summary>Tells something about the bucket that stops nothing.</summary>
    public void Warn(string message, string nextStep) =>
        _events.Publish(new AttentionNeeded(message, DisplayName, nextStep) { Time = _timeProvider.GetUtcNow() });

    public async ValueTask DisposeAsync()
    {
        _conditions.Dispose();
        await _store.DisposeAsync();
    }

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
            lock (_gate)
                _isInTrouble = false;
            return result;
        }
        catch (BrokenCircuitException exception)
        {
            throw new BucketUnusableException(exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw Trouble(new DewyException(ErrorCode.RegistryTimeout, $"{DisplayName} did not answer within {CallTimeout.TotalSeconds:0} s.", exception));
        }
        catch (DewyException exception)
        {
            throw Trouble(exception);
        }
    }

    private BucketUnusableException Trouble(DewyException cause)
    {
        lock (_gate)
        {
            if (_isInTrouble)
                return new BucketUnusableException(cause);
            _isInTrouble = true;
        }

        Warn(
            $"The shared cache cannot be used, and this host does without it: {cause.Message}",
            cause.NextStep ?? "Look at the bucket of --cache; deployments go on meanwhile.");
        return new BucketUnusableException(cause);
    }
}
