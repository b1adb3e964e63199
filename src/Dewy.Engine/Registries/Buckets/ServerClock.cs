namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// Learns the time of the server from its answers (<c>Date</c>, RFC 9110), so that ages of objects are told by one clock,
/// the bucket's, however wrong this host's is. Dates have whole seconds: an age is right to about one.
/// </summary>
internal sealed class ServerClock : DelegatingHandler
{
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private (DateTimeOffset Date, long At)? _last;

    /// <param name="inner">The connections; disposed together with this.</param>
    /// <param name="timeProvider">Tells how much time has passed since an answer.</param>
    public ServerClock(HttpMessageHandler inner, TimeProvider timeProvider)
        : base(inner) => _timeProvider = timeProvider;

    /// <summary>How long ago something was by the server's clock; null before any answer, or where the time is not known.</summary>
    public TimeSpan? AgeOf(DateTimeOffset? writtenAt)
    {
        lock (_gate)
        {
            if (writtenAt is not { } then || _last is not { } last)
                return null;
            var age = last.Date + _timeProvider.GetElapsedTime(last.At) - then;
            return age < TimeSpan.Zero ? TimeSpan.Zero : age;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } date)
        {
            lock (_gate)
                _last = (date, _timeProvider.GetTimestamp());
        }

        return response;
    }
}
