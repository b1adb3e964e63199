using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>Reads the answers of the JSON API. Numbers above 32 bits are strings there.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.AllowReadingFromString, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GcsListing))]
[JsonSerializable(typeof(GcsObject))]
internal sealed partial class GcsJson : JsonSerializerContext;
