using System.Text.Json.Serialization;

namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>The JSON of registries, of Docker's configuration file and of credential helpers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TagListDocument))]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(ImageConfigDocument))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(DockerConfigDocument))]
[JsonSerializable(typeof(HelperDocument))]
internal sealed partial class OciJson : JsonSerializerContext;
