using System.Globalization;
using System.Text;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>Answers as a server might send them, each different.</summary>
internal static class RandomAnswer
{
    private static readonly string[] Names = ["Content-Length", "Transfer-Encoding", "Connection", "Content-Type", "Set-Cookie", "X-A", "Trailer", "Upgrade", "Keep-Alive"];
    private static readonly string[] Values = ["0", "5", "00012", "chunked", "close", "keep-alive", "X-A", "text/plain; charset=utf-8", "", " ", "\t a \t", "caf\u00e9", "a=b; Path=/", "a,b , c"];

    /// <summary>A head whose fields may contradict each other.</summary>
    public static string Head(Random random)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.{random.Next(2)} {Pick(random, 100, 200, 204, 205, 304, 404, 502)} {(random.Next(2) == 0 ? "Some reason" : "")}\r\n");
        for (var count = random.Next(6); count > 0; count--)
            head.Append(CultureInfo.InvariantCulture, $"{Pick(random, Names)}:{(random.Next(2) == 0 ? " " : "")}{Pick(random, Values)}\r\n");
        return head.Append("\r\n").ToString();
    }

    /// <summary>Data in chunks of random sizes, with extensions and trailers now and then.</summary>
    public static string Chunks(Random random, string data, IReadOnlyList<(string Name, string Value)> trailers)
    {
        var body = new StringBuilder();
        for (var at = 0; at < data.Length;)
        {
            var size = Math.Min(data.Length - at, 1 + random.Next(random.Next(2) == 0 ? 5 : 300));
            var digits = size.ToString(random.Next(2) == 0 ? "x" : "X", CultureInfo.InvariantCulture).PadLeft(random.Next(6), '0');
            body.Append(CultureInfo.InvariantCulture, $"{digits}{(random.Next(3) == 0 ? ";name=\"va lue\"" : "")}\r\n{data.AsSpan(at, size)}\r\n");
            at += size;
        }

        body.Append(random.Next(2) == 0 ? "0\r\n" : "000;last\r\n");
        foreach (var (name, value) in trailers)
            body.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return body.Append("\r\n").ToString();
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
