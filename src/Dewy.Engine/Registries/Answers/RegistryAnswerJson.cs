using System.Text.Json;
using System.Text.Json.Serialization;
using Dewy.Engine.Deployment;

namespace Dewy.Engine.Registries.Answers;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(DigestJsonConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegistryAnswer))]
internal sealed partial class RegistryAnswerJson : JsonSerializerContext;
