namespace Dewy.Engine.Deployment;

/// <summary>Decides which of Dewy's own release directories go.</summary>
internal static class PruningPlan
{
    /// <summary>
    /// Everything but the <paramref name="keep"/> newest good releases and the protected ones. A release that never was
    /// good goes as well, and does not push a good one out.
    /// </summary>
    /// <param name="releases">Dewy's own releases: name, and whether it ever was live and healthy.</param>
    /// <param name="isProtected">The live and the previous release, and any that something still runs from.</param>
    /// <param name="keep">At least 1.</param>
    /// <returns>The names to remove, oldest first.</returns>
    public static IReadOnlyList<ReleaseName> Choose(IEnumerable<(ReleaseName Name, bool IsGood)> releases, Func<ReleaseName, bool> isProtected, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var all = releases.ToList();
        var kept = all.Where(release => release.IsGood)
            .Select(release => release.Name)
            .OrderDescending(ReleaseName.ByAge)
            .Take(keep)
            .ToHashSet();
        return [.. all.Select(release => release.Name).Where(name => !kept.Contains(name) && !isProtected(name)).Order(ReleaseName.ByAge)];
    }
}
