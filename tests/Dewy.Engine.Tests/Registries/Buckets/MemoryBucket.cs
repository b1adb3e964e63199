using System.Collections.Concurrent;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Tests.Registries.Buckets;

/// <summary>A bucket in memory, for many hosts at once on a simulated clock; can be down, dumb, or keep its dates to itself.</summary>
internal sealed class MemoryBucket(TimeProvider timeProvider) : IBucketStore
{
    private readonly Dictionary<string, (byte[] Content, string Validator, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _version;
    private int _running;

    public bool IsDown { get; set; }

    public bool HonoursConditions { get; set; } = true;

    /// <summary>Whether it answers writes with conditions with "not implemented".</summary>
    public bool RefusesConditions { get; set; }

    public bool TellsAges { get; set; } = true;

    /// <summary>Called before a write, with its key.</summary>
    public Action<string>? BeforeWrite { get; set; }

    /// <summary>Calls so far, as <c>GET key</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Calls under way.</summary>
    public int Running => Volatile.Read(ref _running);

    public string Credentials => "none";

    public string ImpossibleValidator => "never";

    public long LargestUpload { get; set; } = long.MaxValue;

    public byte[]? this[string key]
    {
        get
        {
            lock (_gate)
                return _objects.TryGetValue(key, out var there) ? there.Content : null;
        }
        set => Set(key, value ?? []);
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
                return [.. _objects.Keys.Order(StringComparer.Ordinal)];
        }
    }

    public Task<IReadOnlyList<string>> ListPrefixesAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<BucketObject>> ListObjectsAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<BucketObject> DescribeAsync(BucketObject listed, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ArtifactContent> OpenAsync(BucketObjectName name, long offset, string? validator, CancellationToken cancellationToken) => CallAsync($"OPEN {name.Key}", () =>
        _objects.TryGetValue(name.Key, out var there)
            ? new ArtifactContent { Stream = new MemoryStream(there.Content, writable: false), TotalLength = there.Content.Length, Validator = there.Validator }
            : throw new DewyException(ErrorCode.ArtifactNotFound, $"{name.Key} is not there."));

    public Task<BucketContent?> ReadAsync(string key, string? knownValidator, CancellationToken cancellationToken) => CallAsync($"GET {key}", () =>
        !_objects.TryGetValue(key, out var there)
            ? null
            : new BucketContent
            {
                Bytes = there.Validator == knownValidator ? null : there.Content,
                Validator = there.Validator,
                Age = TellsAges ? timeProvider.GetUtcNow() - there.At : null,
            });

    public async Task<string?> WriteAsync(string key, BucketUpload upload, BucketCondition condition, CancellationToken cancellationToken)
    {
        BeforeWrite?.Invoke(key);
        using var bytes = new MemoryStream();
        await upload.Content.CopyToAsync(bytes, cancellationToken);
        return await CallAsync($"PUT {key}", () =>
        {
            if (RefusesConditions && condition != BucketCondition.None)
                throw new DewyException(ErrorCode.RegistryMalformed, "NotImplemented");
            var validator = _objects.TryGetValue(key, out var there) ? there.Validator : null;
            if (HonoursConditions && ((condition.MustBeAbsent && validator is not null) || (condition.Validator is { } wanted && wanted != validator)))
                return null;
            return SetLocked(key, bytes.ToArray());
        });
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync($"DELETE {key}", () => _objects.Remove(key));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Set(string key, byte[] content)
    {
        lock (_gate)
            SetLocked(key, content);
    }

    private string SetLocked(string key, byte[] content)
    {
        var validator = $"v{++_version}";
        _objects[key] = (content, validator, timeProvider.GetUtcNow());
        return validator;
    }

    private async Task<T> CallAsync<T>(string call, Func<T> answer)
    {
        Interlocked.Increment(ref _running);
        try
        {
            Calls.Enqueue(call);
            await Task.Yield(); // as the network would
            if (IsDown)
                throw new DewyException(ErrorCode.RegistryUnavailable, "The bucket is down.") { NextStep = "Wait." };
            lock (_gate)
                return answer();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
