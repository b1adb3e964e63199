namespace Dewy.Engine.Containers;

/// <summary>How containers are run.</summary>
public sealed record ContainerOptions
{
    /// <summary><c>docker</c> or <c>podman</c>: which socket is used where <c>DOCKER_HOST</c> names none.</summary>
    public string Runtime { get; init; } = "docker";

    /// <summary>The port the application listens on in its container; null for the only TCP port the image exposes.</summary>
    public int? Port { get; init; }

    /// <summary>Program and arguments given to the image in place of its own; empty for the image's.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Images kept after a deployment, those in use not counted; default 7.</summary>
    public int KeepImages { get; init; } = 7;

    /// <summary>Whether options that take control from Dewy or the host are let through; default false.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>What was given after <c>--</c>: options of <c>docker run</c>, checked when they are bound.</summary>
    public IReadOnlyList<string> RunArguments { get; init; } = [];
}
