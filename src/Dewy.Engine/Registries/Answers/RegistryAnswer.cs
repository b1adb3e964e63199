using System.Text.Json;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Answers;

/// <summary>What a registry answered one host of a fleet, kept for the others.</summary>
internal sealed record RegistryAnswer
{
    /// <summary>Version of this format.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>What was asked: <see cref="RegistryQuestion.Text"/>. Another text is another question that fell on the same key.</summary>
    public required string Question { get; init; }

    /// <summary>The host that asked.</summary>
    public string? AskedBy { get; init; }

    /// <summary>When the registry answered, by the clock of the host that asked; for people.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When this was written, by the same clock; counts only where the bucket does not tell.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>How old the listing was when this was written, in seconds: what is added later does not make it younger.</summary>
    public double ListingAgeSeconds { get; init; }

    /// <summary>All releases; null where the registry has never answered.</summary>
    public IReadOnlyList<ReleaseCandidate>? Releases { get; init; }

    /// <summary>Files of the releases that hosts asked for, by tag.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ReleaseAsset>> Assets { get; init; } = new Dictionary<string, IReadOnlyList<ReleaseAsset>>(StringComparer.Ordinal);

    /// <summary>Why there is no newer answer; null where the registry answered the last question.</summary>
    public RegistryAnswerFailure? Failure { get; init; }

    /// <summary>The answer in a text; null where it is none, or of another version.</summary>
    public static RegistryAnswer? Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RegistryAnswerJson.Default.RegistryAnswer) is { Format: CurrentFormat } answer ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
