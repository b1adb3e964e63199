using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>How leases are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LeaseText))]
internal sealed partial class LeaseJson : JsonSerializerContext;
