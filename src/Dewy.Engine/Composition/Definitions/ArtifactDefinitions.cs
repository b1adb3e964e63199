using Dewy.Engine.Artifacts;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>How artifacts are fetched, verified and kept. Images are the container engine's: it keeps them, and their digest is what is asked for.</summary>
internal static class ArtifactDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        new()
        {
            Name = "cache",
            ShortName = 'c',
            Kind = OptionKind.Text,
            Group = OptionGroup.Artifact,
            Default = "<root>/.dewy/cache",
            ValueName = "url",
            MayBeBlank = true, // stands for the default
            Help = "Where artifacts are kept: a file:// URL of a directory, or a bucket (s3:// or gs://) that a fleet shares; registry-ttl=30s in its URL shares the registry's answers as well.",
            Apply = (options, input) => options with { Artifacts = CacheLocation.Apply(options.Artifacts, input.Text, input.BaseDirectory) },
        },
        Define.Choice("verify-checksum", OptionGroup.Artifact, "auto", ["auto", "required", "off"],
            "auto: verify what the registry offers; required: refuse artifacts for which it offers nothing; off: do not look.",
            (options, value) => options with { Artifacts = options.Artifacts with { VerifyChecksum = Enum.Parse<ChecksumPolicy>(value, ignoreCase: true) } }),
        Define.Path("verify-key", OptionGroup.Artifact, "file",
            "Public key (minisign or cosign); every artifact then needs a signature by it.",
            (options, value) => File.Exists(value)
                ? options with { Artifacts = options.Artifacts with { VerifyKey = value } }
                : throw new FormatException($"there is no file {value}")),
        Define.Size("max-artifact-size", OptionGroup.Artifact, "4GiB", 1,
            "Largest artifact that is fetched.",
            (options, value) => options with { Artifacts = options.Artifacts with { MaxArtifactSize = value } }),
    ]).Select(definition => definition with { Modes = [DeploymentMode.Server, DeploymentMode.Assets] }).ToArray();
}
