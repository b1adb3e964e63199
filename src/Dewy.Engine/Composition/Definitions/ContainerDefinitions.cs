using Dewy.Engine.Containers;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>How containers are run.</summary>
internal static class ContainerDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        Define.Number("container-port", OptionGroup.Container, "the only one the image exposes", 1, 65535,
            "Port the application listens on in its container.",
            (options, value) => With(options, container => container with { Port = value })),
        Define.Choice("runtime", OptionGroup.Container, "docker", ["docker", "podman"],
            "Container engine, found at DOCKER_HOST or at its usual socket.",
            (options, value) => With(options, container => container with { Runtime = value })),
        Define.List("cmd", OptionGroup.Container, "word",
            "Program and arguments for the image, in place of its own: one word each.",
            (options, values) => With(options, container => container with { Command = values })),
        Define.Number("keep-images", OptionGroup.Container, "7", 1, 1000,
            "How many images of releases stay with the engine.",
            (options, value) => With(options, container => container with { KeepImages = value })),
        Define.Switch("allow-unsafe", OptionGroup.Container,
            "Let run options through that take control of the host, such as --privileged.",
            (options, value) => With(options, container => container with { AllowUnsafe = value })),
        Define.List("run-options", OptionGroup.Container, "option",
            "Options of docker run for every container, as they come after -- on the command line.",
            (options, values) => With(options, container => container with { RunArguments = values })) with
        {
            IsFlag = false,
            FromEnvironment = false,

            // An option's value may be an empty word.
            MayBeBlank = true,
            Apply = (options, input) => With(options, container => container with { RunArguments = input.Values }),
        },
    ]).Select(definition => definition with { Modes = [DeploymentMode.Container] }).ToArray();

    private static ApplicationOptions With(ApplicationOptions options, Func<ContainerOptions, ContainerOptions> change) =>
        options.Container is null ? options : options with { Container = change(options.Container) };
}
