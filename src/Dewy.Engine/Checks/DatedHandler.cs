namespace Dewy.Engine.Checks;

/// <summary>Notes what time a server has, from its answers (<c>Date</c>, RFC 9110).</summary>
/// <param name="inner">The connections; disposed together with this.</param>
/// <param name="clock">Takes the note.</param>
/// <param name="time">This host's clock.</param>
internal sealed class DatedHandler(HttpMessageHandler inner, DatedHandler.Clock clock, TimeProvider time) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } date)
            clock.Note(asked, date, time.GetUtcNow());
        return response;
    }

    /// <summary>How far two clocks are apart.</summary>
    internal sealed class Clock
    {
        private readonly Lock _gate = new();
        private TimeSpan? _ahead;

        /// <summary>How far this host's clock is ahead; null where no answer told the time.</summary>
        public TimeSpan? Ahead
        {
            get
            {
                lock (_gate)
                    return _ahead;
            }
        }

        /// <summary>A date has whole seconds, and its answer was made between the question and now: within that nothing can be told.</summary>
        public void Note(DateTimeOffset asked, DateTimeOffset date, DateTimeOffset now)
        {
            var ahead = asked > date + TimeSpan.FromSeconds(1) ? asked - date : now < date ? now - date : TimeSpan.Zero;
            lock (_gate)
                _ahead = ahead;
        }
    }
}
