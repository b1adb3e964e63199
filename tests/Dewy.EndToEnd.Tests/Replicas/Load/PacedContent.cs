using System.Net;
using Dewy.TestReplica;

namespace Dewy.EndToEnd.Tests.Replicas.Load;

/// <summary>A request body that takes its time.</summary>
internal sealed class PacedContent(int length, int chunks, TimeSpan pause) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var chunk = new byte[(length + chunks - 1) / chunks];
        for (var sent = 0; sent < length; sent += chunk.Length)
        {
            var count = Math.Min(chunk.Length, length - sent);
            Pattern.Fill(chunk.AsSpan(0, count), sent);
            await stream.WriteAsync(chunk.AsMemory(0, count));
            await stream.FlushAsync();
            await Task.Delay(pause);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
