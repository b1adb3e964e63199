using Dewy.Engine.Containers;
using Dewy.Engine.Containers.Engine;

namespace Dewy.Engine.Checks;

/// <summary>Whether containers could be run. No image is pulled.</summary>
internal static class ContainerChecks
{
    public static IEnumerable<Check> Of(CheckGround ground)
    {
        if (ground.Engine is not { } engine || ground.Options.Container is not { } container)
            yield break;
        yield return new Check("engine", container.Runtime, cancellationToken => AskEngineAsync(engine, cancellationToken));
        yield return new Check("name", ground.Options.Name, () => LookAtName(ground));
        yield return new Check("container-port", null, cancellationToken => FindPortAsync(ground, engine, container, cancellationToken));
        if (container.RunArguments.Count > 0)
            yield return new Check("run-options", null, () => ReadRunOptions(ground, engine, container));
    }

    private static async Task<CheckFinding> AskEngineAsync(ContainerEngine engine, CancellationToken cancellationToken)
    {
        var version = await engine.ConnectAsync(cancellationToken);
        return CheckFinding.Passed($"The engine at {engine.Address.Display} answers: version {version.Version}, API {version.APIVersion}, {version.Os}/{version.Arch}.");
    }

    /// <summary>Containers of one name belong to one agent on a host, whatever its root.</summary>
    private static CheckFinding LookAtName(CheckGround ground)
    {
        var services = ground.Services;
        var holder = ApplicationLock.TryReadHolder(ApplicationLock.Directory(services.Environment, services.UserName), ground.Options.Name, services.HostName);
        if (holder is null)
            return CheckFinding.Passed("No agent on this host runs containers of this name.");
        return holder == ground.Agent?.ProcessId
            ? CheckFinding.Passed($"The containers of this name are this application's (process {holder}).")
            : CheckFinding.Failed(
                ErrorCode.RootLocked,
                $"Containers of this name are looked after by another agent on this host (process {holder}).",
                "Stop that agent first, or give this application another name with --name.");
    }

    private static async Task<CheckFinding> FindPortAsync(CheckGround ground, ContainerEngine engine, ContainerOptions container, CancellationToken cancellationToken)
    {
        var targets = (ground.Options.Proxy?.Ports ?? []).Select(port => port.Target).ToList();
        if (container.Port is { } port)
            return CheckFinding.Passed($"The application listens on {port}, as the options say.");
        if (targets.TrueForAll(target => target is not null))
            return CheckFinding.Passed($"The application listens on {string.Join(", ", targets)}, as the options say.");
        if ((await ground.Registry.TryFindAsync(cancellationToken))?.Asset?.Image is not { } image)
            return CheckFinding.Skipped("It is not known which image would run.");
        if (await engine.FindAsync("look at an image", (client, token) => client.Images.InspectImageAsync(image, token), cancellationToken) is not { } found)
            return CheckFinding.Skipped("The image is not here yet, and is not pulled now: the port it exposes is found out at the first deployment.");
        var exposed = new ContainerPorts(targets, given: null).Default(found.Config?.ExposedPorts?.Keys, image);
        return CheckFinding.Passed($"The application listens on {exposed}, the only TCP port its image exposes.");
    }

    private static CheckFinding ReadRunOptions(CheckGround ground, ContainerEngine engine, ContainerOptions container) =>
        CheckFinding.Passed($"They are understood: {ground.Services.ReadRunOptions(ground.Options, container, engine.Address)}.");
}
