using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.Http;

/// <summary>Says whether two answers carry the same bytes, by the headers made for that (RFC 9110, section 8.8).</summary>
internal static class ContentValidator
{
    /// <summary>A date names one version only if nothing was written in the second it names.</summary>
    private static readonly TimeSpan SafeAge = TimeSpan.FromSeconds(60);

    /// <summary>A strong entity tag, or a time of modification old enough to be strong; null where there is neither.</summary>
    public static string? Read(HttpResponseMessage response)
    {
        if (response.Headers.ETag is { } tag)
            return tag.IsWeak ? null : tag.Tag;
        return response.Content.Headers.LastModified is { } modified && response.Headers.Date is { } date && date - modified >= SafeAge
            ? modified.ToString("R")
            : null;
    }

    /// <summary>The condition under which a range is wanted; null where the text is no validator of ours.</summary>
    public static RangeConditionHeaderValue? ToCondition(string validator) =>
        RangeConditionHeaderValue.TryParse(validator, out var condition) ? condition : null;
}
