using System.Net.Http.Headers;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>Serves <see cref="GeneratedContent"/> with ranges at every path, and resets the connection once at each of some offsets.</summary>
internal sealed class CuttingServer : LoopbackServer
{
    private const int Block = 64 << 10;
    private const string Tag = "\"generated\"";

    private readonly long _length;
    private readonly Queue<long> _cuts;

    private CuttingServer(long length, IEnumerable<long> cuts) => (_length, _cuts) = (length, new Queue<long>(cuts.Order()));

    /// <param name="length">Of the content, in bytes.</param>
    /// <param name="cuts">Offsets after whose byte the connection is reset, each once.</param>
    public static async Task<CuttingServer> CreateAsync(long length, params IEnumerable<long> cuts)
    {
        var server = new CuttingServer(length, cuts);
        await server.StartAsync();
        return server;
    }

    /// <summary>How many cuts are still to come.</summary>
    public int CutsLeft => _cuts.Count;

    // One client that asks for one thing at a time.
    protected override async Task ServeAsync(HttpContext context)
    {
        var start = From(context.Request);
        context.Response.StatusCode = start > 0 ? 206 : 200;
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = _length - start;
        context.Response.Headers.ETag = Tag;
        if (start > 0)
            context.Response.Headers.ContentRange = $"bytes {start}-{_length - 1}/{_length}";

        // A reset overtakes what is under way: the client may be behind a cut that has been made, and is cut at the next.
        var end = _cuts.TryPeek(out var cut) ? cut : _length;
        var block = new byte[Block];
        for (var at = start; at < end; at += Block)
        {
            var part = block.AsMemory(0, (int)Math.Min(Block, end - at));
            GeneratedContent.Fill(part.Span, at);
            await context.Response.Body.WriteAsync(part, context.RequestAborted);
        }

        if (end < _length)
        {
            _cuts.Dequeue();
            context.Abort();
        }
    }

    private static long From(HttpRequest request) =>
        request.Headers.IfRange == Tag && RangeHeaderValue.TryParse(request.Headers.Range, out var range) ? range.Ranges.Single().From ?? 0 : 0;
}
