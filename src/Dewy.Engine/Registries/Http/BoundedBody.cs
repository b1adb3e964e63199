using System.IO.Compression;
using System.Text;

namespace Dewy.Engine.Registries.Http;

/// <summary>Reads bodies that are held in memory, up to a limit, whatever length the server announces.</summary>
internal static class BoundedBody
{
    /// <summary>The codings <see cref="ReadAsync"/> undoes.</summary>
    public const string AcceptedEncodings = "gzip";

    /// <summary>The bytes, unpacked; null where there are more than <paramref name="limit"/>.</summary>
    /// <exception cref="InvalidDataException">The body is packed in a way that is not known, or wrongly.</exception>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Headers.ContentLength > limit)
            return null;
        await using var raw = await content.ReadAsStreamAsync(cancellationToken);
        await using var plain = Unpack(raw, content.Headers.ContentEncoding);
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await plain.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limit)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>The body as UTF-8 text; null where it is longer than <paramref name="limit"/> bytes or packed unreadably.</summary>
    public static async Task<string?> ReadTextAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(content, limit, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static Stream Unpack(Stream raw, ICollection<string> encodings) => encodings.LastOrDefault()?.ToLowerInvariant() switch
    {
        null or "identity" => raw,
        "gzip" or "x-gzip" when encodings.Count == 1 => new GZipStream(raw, CompressionMode.Decompress),
        _ => throw new InvalidDataException($"its content coding '{string.Join(", ", encodings)}' was not asked for"),
    };
}
