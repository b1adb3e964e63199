using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>Bounds the paging through a listing, whatever the server says.</summary>
internal sealed class BucketPaging(HttpCallText text, HttpFailure failure)
{
    /// <summary>More entries than this are not a registry of one application's releases.</summary>
    private const int MostEntries = 100_000;

    /// <summary>Servers may send fewer than 1000 entries a page, even none.</summary>
    private const int MostPages = 1_000;

    private string? _last;
    private int _entries;
    private int _pages;

    /// <summary>Takes note of a page.</summary>
    /// <param name="token">What the next page is asked for with; null after the last one.</param>
    /// <param name="count">Entries of the page.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryMalformed"/>: it would not end.</exception>
    public void Next(string? token, int count)
    {
        _entries += count;
        if (_entries > MostEntries)
            throw failure.Create(ErrorCode.RegistryMalformed, $"{text.Subject} lists more than {MostEntries:N0} entries.", text, "Point the URL at the prefix of one application.");
        if (token is not null && (++_pages == MostPages || string.Equals(token, _last, StringComparison.Ordinal)))
            throw failure.Malformed("its listing has no end", text);
        _last = token;
    }
}
