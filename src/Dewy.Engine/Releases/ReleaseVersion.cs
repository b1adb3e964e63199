using System.Numerics;
using Semver;

namespace Dewy.Engine.Releases;

/// <summary>The version in a tag. Versions are comparable with those of the same <see cref="VersionScheme"/> only.</summary>
internal sealed class ReleaseVersion
{
    /// <summary>Lower is older; the slot (build metadata) has no say, as SemVer 2.0 §10 wants it.</summary>
    public static readonly IComparer<ReleaseVersion> Precedence = Comparer<ReleaseVersion>.Create(Compare);

    /// <summary>Numbers of a calendar version, most significant first; empty for SemVer, where <see cref="Semantic"/> has them.</summary>
    private readonly IReadOnlyList<BigInteger> _calendar;

    public ReleaseVersion(string text, SemVersion semantic, IReadOnlyList<BigInteger>? calendar = null)
    {
        Text = text;
        Semantic = semantic;
        Slot = semantic.Metadata.Length == 0 ? null : semantic.Metadata;
        _calendar = calendar ?? [];
    }

    /// <summary>The version without a leading <c>v</c> and without the slot.</summary>
    public string Text { get; }

    /// <summary>The build metadata; null where there is none.</summary>
    public string? Slot { get; private init; }

    public bool IsPreRelease => Semantic.IsPrerelease;

    /// <summary>The semantic version, or for calendar versions <c>0.0.0</c> with the pre-release and metadata of the tag.</summary>
    public SemVersion Semantic { get; }

    /// <summary>The same version in a slot that was written in another way than as build metadata.</summary>
    public ReleaseVersion InSlot(string slot) => new(Text, Semantic, _calendar) { Slot = slot };

    /// <inheritdoc/>
    public override string ToString() => Slot is null ? Text : $"{Text}+{Slot}";

    private static int Compare(ReleaseVersion? left, ReleaseVersion? right)
    {
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        for (var i = 0; i < Math.Min(left._calendar.Count, right._calendar.Count); i++)
        {
            var order = left._calendar[i].CompareTo(right._calendar[i]);
            if (order != 0)
                return order;
        }

        return SemVersion.ComparePrecedence(left.Semantic, right.Semantic);
    }
}
