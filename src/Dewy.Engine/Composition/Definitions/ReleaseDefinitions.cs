namespace Dewy.Engine.Composition.Definitions;

/// <summary>What is deployed, and where to.</summary>
internal static class ReleaseDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.Choice("mode", OptionGroup.Release, "", ["server", "assets", "container"],
            "What making a release live means.",
            (options, _) => options) with
        {
            Default = null,
            IsFlag = false,
            FromEnvironment = false,
        },
        new()
        {
            Name = "registry",
            Kind = OptionKind.Text,
            Group = OptionGroup.Release,
            ValueName = "url",
            Help = "Where releases are announced, such as file:///srv/releases/myapp. Required.",
            Apply = (options, input) => RegistryBinding.Apply(options, OptionInput.NotEmpty(input.Text), input.BaseDirectory),
        },
        Define.Text("slot", OptionGroup.Release, "name",
            "Only releases with this build metadata: blue matches v1.2.3+blue.",
            (options, value) => options with { Criteria = options.Criteria with { Slot = value } }) with { ShortName = 's' },
        Define.Text("calver", OptionGroup.Release, "format",
            "Tags are calendar versions of this format, such as YYYY.0M.MICRO, instead of semantic versions.",
            RegistryBinding.ApplyCalVer),
        Define.Path("root", OptionGroup.Release, "directory",
            "Directory that is deployed into.",
            (options, value) => options with { Deployment = options.Deployment with { Root = value } }) with { Default = "current directory" },
        Define.Text("name", OptionGroup.Release, "name",
            "Name of the application.",
            (options, value) => options with { Name = value }) with { ShortName = 'n', Default = "last word of the registry or root" },
    ];
}
