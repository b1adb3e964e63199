using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>How descriptions are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CacheDescription))]
internal sealed partial class CacheJson : JsonSerializerContext;
