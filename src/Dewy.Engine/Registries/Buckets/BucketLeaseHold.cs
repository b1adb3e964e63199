namespace Dewy.Engine.Registries.Buckets;

/// <summary>A lease this host has: renewed until it is disposed, then removed for the next one.</summary>
internal sealed class BucketLeaseHold : IAsyncDisposable
{
    private static readonly TimeSpan RenewalInterval = BucketLease.Duration / 3;

    /// <summary>Longest its removal may take; where that fails it runs out by itself.</summary>
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(5);

    private readonly SharedBucket _bucket;
    private readonly string _name;
    private readonly Func<byte[]> _text;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;
    private string _validator;
    private bool _isLost;

    public BucketLeaseHold(SharedBucket bucket, string name, string validator, Func<byte[]> text, TimeProvider timeProvider)
    {
        _bucket = bucket;
        _name = name;
        _validator = validator;
        _text = text;
        _timeProvider = timeProvider;
        _renewing = RenewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        _end.Dispose();
        if (_isLost)
            return;
        using var limit = new CancellationTokenSource(RemovalTimeout, _timeProvider);
        try
        {
            await _bucket.DeleteAsync(_name, limit.Token);
        }
        catch (Exception exception) when (exception is BucketUnusableException or OperationCanceledException)
        {
            // It runs out by itself.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (!_isLost)
            {
                await Task.Delay(RenewalInterval, _timeProvider, _end.Token);
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task RenewOnceAsync()
    {
        try
        {
            if (await _bucket.WriteAsync(_name, _text(), BucketCondition.Has(_validator), _end.Token) is { } renewed)
                _validator = renewed;
            else
                _isLost = true; // somebody took this host for dead
        }
        catch (BucketUnusableException)
        {
            // Perhaps the next one succeeds in time.
        }
    }
}
