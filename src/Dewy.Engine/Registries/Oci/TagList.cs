using System.Net;
using System.Net.Http.Headers;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci;

/// <summary>
/// Lists a repository's tags, page by page. Where the registry gives entity tags, pages that have not changed cost an empty
/// answer each.
/// </summary>
internal sealed class TagList(ImageRepository repository, DistributionClient client)
{
    private const int PageSize = 1000;
    private const int MostPages = 200;
    private const int MostTags = 100_000;

    private Dictionary<Uri, Page> _known = [];

    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryNotFound"/>: there is no such repository; otherwise what the registry failed with.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var tags = new HashSet<string>(StringComparer.Ordinal);
        var pages = new Dictionary<Uri, Page>();
        for (var next = repository.Locate($"tags/list?n={PageSize}"); next is not null;)
        {
            var page = await ReadPageAsync(next, cancellationToken);
            pages[next] = page;
            tags.UnionWith(page.Tags);
            if (tags.Count > MostTags || pages.Count > MostPages)
                throw client.Failure.Malformed($"it has more than {(tags.Count > MostTags ? $"{MostTags} tags" : $"{MostPages} pages of tags")}", client.Text);
            if (page.Next is { } following && pages.ContainsKey(following))
                throw client.Failure.Malformed("its pages of tags lead in a circle", client.Text);
            next = page.Next;
        }

        _known = pages;
        return [.. tags];
    }

    private async Task<Page> ReadPageAsync(Uri url, CancellationToken cancellationToken)
    {
        var before = _known.GetValueOrDefault(url);
        using var response = await client.GetAsync(url, ["application/json"], before?.Tag, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotModified && before is not null)
            return before;
        if (response.StatusCode is not HttpStatusCode.OK)
            throw await client.Failure.ExplainAsync(response, client.Text, cancellationToken);
        var document = await JsonAnswer.ReadAsync(response, OciJson.Default.TagListDocument, client.Failure, client.Text, cancellationToken);
        var tags = (document.Tags ?? []).Where(ImageRepository.IsTag).OfType<string>().ToList();
        return new Page(tags, Next(response, url), response.Headers.ETag);
    }

    /// <summary>The next page. Credentials go there as well, so it is of the same registry or an error.</summary>
    private Uri? Next(HttpResponseMessage response, Uri url)
    {
        if (LinkHeader.FindNext(response) is not { } target)
            return null;
        return Uri.TryCreate(url, target, out var next) && UrlText.IsSameOrigin(next, url) && next.UserInfo.Length == 0
            ? next
            : throw client.Failure.Malformed($"the next page of tags is not on {UrlText.Of(repository.Endpoint)}, but at {UrlText.Of(next)}", client.Text);
    }

    private sealed record Page(IReadOnlyList<string> Tags, Uri? Next, EntityTagHeaderValue? Tag);
}
