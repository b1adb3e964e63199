namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>What <c>--volume</c> describes.</summary>
/// <param name="Source">Absolute path on the host, or the name of a volume; null for one without a name.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Mode">Options separated by commas; null for the default.</param>
/// <param name="IsHostPath">Whether the source is a path on the host.</param>
internal sealed record VolumeEntry(string? Source, string Target, string? Mode, bool IsHostPath)
{
    /// <summary>The path on the host; null where there is none.</summary>
    public string? HostPath => IsHostPath ? Source : null;

    /// <summary>As the Engine API wants it.</summary>
    public string ToBind() => Mode is null ? $"{Source}:{Target}" : $"{Source}:{Target}:{Mode}";
}
