namespace Dewy.Benchmarks;

/// <summary>What one poll takes, on average.</summary>
internal sealed record PollCost(string Name, double Requests, double BytesSent, double BytesReceived, TimeSpan Processor, TimeSpan Elapsed);
