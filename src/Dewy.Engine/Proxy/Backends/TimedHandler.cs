namespace Dewy.Engine.Proxy.Backends;

/// <summary>Takes the time from a request's sending to the head of its answer: what follows may be a stream of hours.</summary>
internal sealed class TimedHandler(HttpMessageHandler inner, AnswerLatency latency, TimeProvider time) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var answer = await base.SendAsync(request, cancellationToken);
        latency.Add(time.GetElapsedTime(sent));
        return answer;
    }
}
