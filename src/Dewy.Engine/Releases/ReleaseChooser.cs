namespace Dewy.Engine.Releases;

/// <summary>
/// Chooses among releases: filters first (a version, pre-release allowed, slot, range), then orders by precedence, equal
/// precedence by publication, newest first. A pure function of what it is given, whatever the order.
/// </summary>
internal sealed class ReleaseChooser
{
    private readonly ReleaseCriteria _criteria;
    private readonly VersionConstraint? _constraint;
    private readonly bool _slotAfterUnderscore;

    /// <param name="criteria">Which releases count.</param>
    /// <param name="slotAfterUnderscore">Whether the part of a tag after its last <c>_</c> is a slot too, where a slot is asked for: image tags cannot hold <c>+</c>.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the calendar format or the range is not one.</exception>
    public ReleaseChooser(ReleaseCriteria criteria, bool slotAfterUnderscore = false)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        _criteria = criteria;
        _constraint = VersionConstraint.For(criteria);
        _slotAfterUnderscore = slotAfterUnderscore;
        Scheme = VersionScheme.For(criteria);
    }

    public VersionScheme Scheme { get; }

    private bool WantsSlot => !string.IsNullOrEmpty(_criteria.Slot);

    public ReleaseRanking Rank(IEnumerable<ReleaseCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var ranked = new List<RankedRelease>();
        var refused = new List<RefusedRelease>();
        foreach (var candidate in candidates)
        {
            var version = TryReadVersion(candidate.Tag);
            if (Refuse(candidate, version) is { } reason)
                refused.Add(new RefusedRelease(candidate, reason));
            else if (version is not null)
                ranked.Add(new RankedRelease(candidate, version));
        }

        // Tag and identifier only make the result independent of the order in which a registry lists.
        var newestFirst = ranked
            .OrderByDescending(release => release.Version, ReleaseVersion.Precedence)
            .ThenByDescending(release => release.Candidate.CreatedAt ?? DateTimeOffset.MinValue)
            .ThenByDescending(release => release.Candidate.Tag, StringComparer.Ordinal)
            .ThenByDescending(release => release.Candidate.Id, StringComparer.Ordinal);
        return new ReleaseRanking([.. newestFirst], refused);
    }

    /// <summary>The version in a tag, slot included; null where it is none.</summary>
    public ReleaseVersion? TryReadVersion(string tag)
    {
        if (Scheme.TryParse(tag) is { } version)
            return version;
        var underscore = _slotAfterUnderscore && WantsSlot ? tag.LastIndexOf('_') : -1;
        if (underscore <= 0 || underscore == tag.Length - 1)
            return null;
        return Scheme.TryParse(tag[..underscore]) is { Slot: null } bare ? bare.InSlot(tag[(underscore + 1)..]) : null;
    }

    private RefusalReason? Refuse(ReleaseCandidate candidate, ReleaseVersion? version)
    {
        if (version is null)
            return RefusalReason.NotAVersion;
        if (!_criteria.PreRelease && (version.IsPreRelease || candidate.MarkedPreRelease))
            return RefusalReason.PreRelease;
        if (WantsSlot && !string.Equals(version.Slot, _criteria.Slot, StringComparison.Ordinal))
            return RefusalReason.Slot;
        return _constraint is null || _constraint.Allows(version) ? null : RefusalReason.Constraint;
    }
}
