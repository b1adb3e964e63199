namespace Dewy.Engine.Registries.GitHub;

/// <summary>
/// The list of a repository's releases, kept up to date with as few requests as can be. One caller at a time.
/// </summary>
/// <remarks>
/// The list is sorted newest first, so what is new, or taken away from among the newest, shows on the first page: a poll asks
/// for that one alone, with its entity tag, and is done when nothing that matters changed. When it did, the other pages are
/// asked for too, each with its own entity tag. What changes on later pages only (an old release is deleted or edited, or a
/// release made of an old commit: GitHub sorts by the commit's date) is found by asking for all pages every <see cref="WalkInterval"/>. Answers 304 to requests with a token do not count against
/// the rate limit.
/// </remarks>
internal sealed class GitHubReleaseList(GitHubApi api, TimeProvider timeProvider)
{
    /// <summary>How long changes on later pages may go unseen.</summary>
    public static readonly TimeSpan WalkInterval = TimeSpan.FromMinutes(15);

    /// <summary>GitHub lists no more than 10,000 releases.</summary>
    private const int MostPages = 100;

    private IReadOnlyList<GitHubPage> _pages = [];
    private DateTimeOffset _walkedAt;

    /// <summary>Every release that is listed, drafts included, as of the last refresh.</summary>
    public IReadOnlyList<GitHubRelease> Releases { get; private set; } = [];

    /// <summary>Asks GitHub; false where nothing changed.</summary>
    /// <exception cref="DewyException">What GitHub failed with; the list is as it was before.</exception>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var answer = await api.GetPageAsync(1, Known(1)?.EntityTag, cancellationToken);
        var first = Take(answer, 1);
        var isSame = _pages.Count > 0 && (answer is null || first.SaysTheSameAs(_pages[0]));
        if (!isSame || (_pages.Count > 1 && timeProvider.GetUtcNow() - _walkedAt >= WalkInterval))
            return await WalkAsync(first, cancellationToken) || !isSame;

        // Only download counts moved, or nothing at all: the rest of the list stands.
        _pages = [first, .. _pages.Skip(1)];
        return answer is not null;
    }

    private async Task<bool> WalkAsync(GitHubPage first, CancellationToken cancellationToken)
    {
        var pages = new List<GitHubPage> { first };
        var changed = false;
        while (pages[^1].HasNext && pages.Count < MostPages)
        {
            var number = pages.Count + 1;
            var answer = await api.GetPageAsync(number, Known(number)?.EntityTag, cancellationToken);
            changed |= answer is not null;
            pages.Add(Take(answer, number));
        }

        changed |= pages.Count != _pages.Count;
        _pages = pages;
        _walkedAt = timeProvider.GetUtcNow();

        // What is published while pages are read moves others on to the next page: they are seen twice.
        Releases = [.. pages.SelectMany(page => page.Releases).DistinctBy(release => release.Id)];
        return changed;
    }

    private GitHubPage? Known(int number) => number <= _pages.Count ? _pages[number - 1] : null;

    private GitHubPage Take(GitHubPage? answer, int number) =>
        answer ?? Known(number) ?? throw new InvalidOperationException($"GitHub says that page {number} is unchanged, which was not asked.");
}
