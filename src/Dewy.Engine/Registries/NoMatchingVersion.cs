using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>Says what a registry has where none of it counts.</summary>
internal static class NoMatchingVersion
{
    public static DewyException Explain(string registry, ReleaseCriteria criteria, VersionScheme scheme, IReadOnlyList<RefusedRelease> refused)
    {
        if (refused.Count == 0)
        {
            return new DewyException(ErrorCode.NoMatchingVersion, $"{registry} has no releases.")
            {
                Phase = "check",
                Target = registry,
                NextStep = "Publish a release, or correct --registry.",
            };
        }

        var reasons = refused
            .GroupBy(release => release.Reason)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .Select(group => $"{group.Count()} {Say(group.Key, criteria, scheme)} ('{group.Select(release => release.Candidate.Tag).Min(StringComparer.Ordinal)}')");
        return new DewyException(ErrorCode.NoMatchingVersion, $"No release in {registry} matches; {refused.Count} seen: {string.Join(", ", reasons)}.")
        {
            Phase = "check",
            Target = registry,
            NextStep = Advise(refused),
        };
    }

    private static string Say(RefusalReason reason, ReleaseCriteria criteria, VersionScheme scheme) => reason switch
    {
        RefusalReason.NotAVersion => $"not {scheme.Description}",
        RefusalReason.PreRelease => "pre-release",
        RefusalReason.Slot => $"not in the slot '{criteria.Slot}'",
        _ => $"outside '{criteria.Constraint}'",
    };

    // The release that failed the last of the filters came furthest, so that filter is the one to loosen.
    private static string Advise(IReadOnlyList<RefusedRelease> refused) => refused.Max(release => release.Reason) switch
    {
        RefusalReason.Constraint => "Widen the URL's parameter constraint, or publish a release inside it.",
        RefusalReason.Slot => "Correct --slot, or publish a release with +<slot> in its tag.",
        RefusalReason.PreRelease => "Allow pre-releases with the URL's parameter pre-release=true, or publish a full release.",
        _ => "Tag releases as v1.2.3, or give the format of calendar versions with --calver.",
    };
}
