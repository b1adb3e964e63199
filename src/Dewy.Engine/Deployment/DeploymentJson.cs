using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Deployment;

/// <summary>
/// How everything in <c>.dewy</c> is written: UTF-8 JSON, camel-case names, absent instead of null, enum members by
/// name, times as ISO 8601 with offset, durations as seconds with fractions (<c>1.25</c>), digests as
/// <c>sha256:…</c>. Members nobody knows are ignored, so that a file of a later version with the same format number can be read.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    Converters = [typeof(DigestJsonConverter), typeof(SecondsJsonConverter)])]
[JsonSerializable(typeof(RootState))]
[JsonSerializable(typeof(ReleaseRecord))]
[JsonSerializable(typeof(Dewy.Deployment))]
[JsonSerializable(typeof(RootLockHolder))]
internal sealed partial class DeploymentJson : JsonSerializerContext
{
    /// <summary>One line per value, for <c>history.jsonl</c>.</summary>
    public static DeploymentJson Line => Forms.Line;

    /// <summary>Indented, for files a person may open.</summary>
    public static DeploymentJson Page => Forms.Page;

    /// <summary>A class of its own, because the generated statics it builds on are initialised after those written here.</summary>
    private static class Forms
    {
        public static readonly DeploymentJson Line = new(Readable(indented: false));
        public static readonly DeploymentJson Page = new(Readable(indented: true));

        // The relaxed encoder keeps the + of v1.2.3+blue; these files are never embedded in HTML.
        private static JsonSerializerOptions Readable(bool indented) =>
            new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = indented };
    }
}
