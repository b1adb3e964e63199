using System.Text.Json.Serialization;

namespace Dewy.Engine.Containers.Images;

/// <summary>How <c>.dewy/images.json</c> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<ImageRecord>))]
internal sealed partial class ImageJson : JsonSerializerContext;
