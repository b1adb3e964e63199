using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>
/// Asks a registry which release is wanted and which of its files. Keeps the last answer, so that a registry which says
/// that nothing changed is asked for nothing more. One caller at a time.
/// </summary>
internal sealed class ReleaseFinder
{
    /// <summary>Names listed in a message before it only counts the rest.</summary>
    private const int MostNames = 20;

    /// <summary>Releases of one version that are asked about to find the youngest.</summary>
    private const int MostTied = 20;

    private readonly IReleaseSource _source;
    private readonly ReleaseCriteria _criteria;
    private readonly TimeProvider _timeProvider;
    private readonly HostPlatform _host;
    private readonly ReleaseChooser _releases;
    private readonly ArtifactChooser _artifacts;

    /// <summary>Whether releases were described and none has an age, as images have none: not worth asking again.</summary>
    private bool _agesAreUntold;

    private ReleaseFinding? _previous;
    private ReleaseFinding? _reusable;

    /// <param name="source">The registry.</param>
    /// <param name="criteria">Which releases count, and which file of one.</param>
    /// <param name="host">What the artifact must fit.</param>
    /// <param name="timeProvider">Tells how old a release is.</param>
    /// <param name="programs">Names the program may go by, such as the application's and the repository's: they say nothing about platforms in file names.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the calendar format or the range is not one.</exception>
    public ReleaseFinder(IReleaseSource source, ReleaseCriteria criteria, HostPlatform host, TimeProvider timeProvider, params IReadOnlyList<string> programs)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _criteria = criteria;
        _host = host;
        _timeProvider = timeProvider;
        _releases = new ReleaseChooser(criteria, source.SlotMayFollowUnderscore);
        _artifacts = new ArtifactChooser(criteria.Artifact, host, programs);
    }

    /// <summary>The newest release that counts; its artifact may be missing.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.NoMatchingVersion"/>, <see cref="ErrorCode.ArtifactAmbiguous"/>, or what the registry failed with.</exception>
    public async Task<ReleaseFinding> FindNewestAsync(CancellationToken cancellationToken)
    {
        var listing = await _source.ListAsync(cancellationToken);
        if (listing.NotModified && _reusable is { } same)
            return _reusable = same with { Outcome = PollOutcome.NotModified, FoundAt = _timeProvider.GetUtcNow() };

        // Forgotten until there is a new answer: after a failure "not modified" must not bring an older answer back.
        _reusable = null;
        var ranking = _releases.Rank(listing.Releases);
        if (ranking.Newest is null)
            throw NoMatchingVersion.Explain(_source.DisplayName, _criteria, _releases.Scheme, ranking.Refused);
        var newest = (await SettleTieAsync(ranking.Releases, cancellationToken))[0];
        var finding = await ResolveAsync(newest.Candidate, newest.Version, isNewest: true, cancellationToken);
        finding = finding with { Outcome = _previous is { } previous && IsSame(previous, finding) ? PollOutcome.Unchanged : PollOutcome.Changed };
        return _previous = _reusable = finding;
    }

    /// <summary>The release of a tag, whatever the criteria say about its version; for pins.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ReleaseNotFound"/>: the registry has no such tag; otherwise as <see cref="FindNewestAsync"/>.</exception>
    public async Task<ReleaseFinding> FindAsync(string tag, CancellationToken cancellationToken)
    {
        var listing = await _source.ListAsync(cancellationToken);
        if (!listing.NotModified)
            _reusable = null; // "not modified" will from now on be said of this listing
        var candidate = listing.Releases.FirstOrDefault(release => string.Equals(release.Tag, tag, StringComparison.Ordinal))
            ?? throw new DewyException(ErrorCode.ReleaseNotFound, $"{_source.DisplayName} has no release '{tag}' (any more).")
            {
                Phase = "check",
                Target = tag,
                NextStep = "Name a tag that the registry has; Get-DewyRelease -All and 'dewy releases' list them.",
            };
        var ranked = await SettleTieAsync(_releases.Rank(listing.Releases).Releases, cancellationToken);
        return await ResolveAsync(candidate, _releases.TryReadVersion(tag), ranked is [var newest, ..] && IsSame(newest.Candidate, candidate), cancellationToken);
    }

    /// <summary>Whether a tag's version precedes another's; false where either is no version.</summary>
    public bool IsOlder(string tag, string than) =>
        _releases.TryReadVersion(tag) is { } version
        && _releases.TryReadVersion(than) is { } other
        && ReleaseVersion.Precedence.Compare(version, other) < 0;

    /// <summary>
    /// Releases that count, newest first, the first marked as newest. The newest has its artifact; the others where the
    /// registry's listing tells their files anyway and one of them is chosen.
    /// </summary>
    /// <param name="all">All of them, which may be none; otherwise the newest alone, or the error of <see cref="FindNewestAsync"/>.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<IReadOnlyList<Release>> ListAsync(bool all, CancellationToken cancellationToken)
    {
        if (!all)
            return [(await FindNewestAsync(cancellationToken)).Release];
        var listing = await _source.ListAsync(cancellationToken);
        var releases = new List<Release>();
        foreach (var (candidate, version) in await SettleTieAsync(_releases.Rank(listing.Releases).Releases, cancellationToken))
        {
            var isNewest = releases.Count == 0;
            var release = isNewest ? await _source.DescribeAsync(candidate, cancellationToken) : _source.DescribesCheaply ? await TryDescribeAsync(candidate, cancellationToken) : candidate;
            var assets = release.Assets ?? [];
            var artifact = Choose(assets, version) is ArtifactChoice.Chosen { Asset: { Complete: true, UselessBecause: null } asset } ? ToArtifact(asset, release) : null;
            releases.Add(ToRelease(release, version, isNewest) with { Artifact = artifact });
        }

        return releases;
    }

    private async Task<ReleaseCandidate> TryDescribeAsync(ReleaseCandidate candidate, CancellationToken cancellationToken)
    {
        try
        {
            return await _source.DescribeAsync(candidate, cancellationToken);
        }
        catch (DewyException)
        {
            return candidate; // gone meanwhile, or not for this user to read: an error only if it is the one that is wanted
        }
    }

    /// <summary>
    /// Puts the last published first among the newest, where several tags say the same version and the listing did not tell
    /// which is the younger one.
    /// </summary>
    private async Task<IReadOnlyList<RankedRelease>> SettleTieAsync(IReadOnlyList<RankedRelease> ranked, CancellationToken cancellationToken)
    {
        var tied = ranked.TakeWhile(release => ReleaseVersion.Precedence.Compare(release.Version, ranked[0].Version) == 0).Take(MostTied).ToList();
        if (_agesAreUntold || tied.Count < 2 || tied.TrueForAll(release => release.Candidate.CreatedAt is not null))
            return ranked;
        var described = new List<RankedRelease>();
        foreach (var release in tied)
            described.Add(release with { Candidate = await TryDescribeAsync(release.Candidate, cancellationToken) });
        _agesAreUntold = described.TrueForAll(release => release.Candidate is { CreatedAt: null, Assets: not null });
        return [.. described.OrderByDescending(release => release.Candidate.CreatedAt ?? DateTimeOffset.MinValue), .. ranked.Skip(tied.Count)];
    }

    private async Task<ReleaseFinding> ResolveAsync(ReleaseCandidate candidate, ReleaseVersion? version, bool isNewest, CancellationToken cancellationToken)
    {
        candidate = await _source.DescribeAsync(candidate, cancellationToken);
        var assets = candidate.Assets ?? [];
        var finding = new ReleaseFinding
        {
            Release = ToRelease(candidate, version, isNewest),
            Assets = assets,
            FoundAt = _timeProvider.GetUtcNow(),
        };
        return Choose(assets, version) switch
        {
            ArtifactChoice.Chosen { Asset.UselessBecause: { } why } => finding with { MissingBecause = why },
            ArtifactChoice.Chosen { Asset.Complete: true } chosen => finding with
            {
                Asset = chosen.Asset,
                Release = finding.Release with { Artifact = ToArtifact(chosen.Asset, candidate) },
            },
            ArtifactChoice.Chosen { Asset: var asset } => finding with { MissingBecause = $"The artifact {asset.Name} of {candidate.Tag} is still being uploaded." },
            ArtifactChoice.NotFound none => finding with { MissingBecause = $"{candidate.Tag} has no artifact {Wanted}; it has {Names(none.Names)}." },
            ArtifactChoice.Ambiguous several => throw new DewyException(ErrorCode.ArtifactAmbiguous, $"{candidate.Tag} has several files that are equally good {Wanted}: {Names(several.Names)}.")
            {
                Phase = "check",
                Target = _source.DisplayName,
                NextStep = "Name one with the URL's parameter artifact=<name>; * stands for the parts that change, such as the version.",
            },
            var other => throw new InvalidOperationException($"No such choice: {other.GetType().Name}."),
        };
    }

    private string Wanted => string.IsNullOrEmpty(_criteria.Artifact) ? $"for {_host}" : $"of the name '{_criteria.Artifact}' for {_host}";

    private ArtifactChoice Choose(IReadOnlyList<ReleaseAsset> assets, ReleaseVersion? version) =>
        assets.FirstOrDefault(asset => asset.ChosenByRegistry) is { } chosen
            ? new ArtifactChoice.Chosen(chosen)
            : _artifacts.Choose(assets, version?.Text);

    private Release ToRelease(ReleaseCandidate candidate, ReleaseVersion? version, bool isNewest) => new()
    {
        Registry = _source.DisplayName,
        Tag = candidate.Tag,
        Version = version?.Text ?? candidate.Tag,
        Slot = version?.Slot,
        IsPreRelease = candidate.MarkedPreRelease || version is { IsPreRelease: true },
        CreatedAt = candidate.CreatedAt,
        Id = candidate.Id,
        IsNewest = isNewest,
    };

    private static Artifact ToArtifact(ReleaseAsset asset, ReleaseCandidate candidate) => new()
    {
        Name = asset.Name,
        Location = asset.Location,
        Size = asset.Size,
        Image = asset.Image,
        Digest = asset.Digests.FirstOrDefault(digest => digest.Algorithm is "sha256")
            ?? asset.Digests.FirstOrDefault(digest => digest.Algorithm is "sha512")
            ?? (asset.Digests.Count > 0 ? asset.Digests[0] : candidate.Digest),
    };

    private static bool IsSame(ReleaseCandidate left, ReleaseCandidate right) =>
        string.Equals(left.Tag, right.Tag, StringComparison.Ordinal) && string.Equals(left.Id, right.Id, StringComparison.Ordinal);

    private static bool IsSame(ReleaseFinding left, ReleaseFinding right) =>
        left.Release == right.Release
        && left.Asset?.ModifiedAt == right.Asset?.ModifiedAt
        && string.Equals(left.MissingBecause, right.MissingBecause, StringComparison.Ordinal);

    private static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no files",
        <= MostNames => string.Join(", ", names),
        _ => $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more",
    };
}
