using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>What <c>--mount</c> describes.</summary>
internal sealed record MountEntry
{
    /// <summary><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</summary>
    public string Type { get; init; } = "volume";

    /// <summary>Path on the host or name of the volume; null for anonymous volumes and tmpfs.</summary>
    public string? Source { get; init; }

    public string Target { get; init; } = "";

    public bool ReadOnly { get; init; }

    public string? Consistency { get; init; }

    public string? Propagation { get; init; }

    public bool NonRecursive { get; init; }

    public bool NoCopy { get; init; }

    public string? VolumeDriver { get; init; }

    public IReadOnlyDictionary<string, string> VolumeOptions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> VolumeLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Bytes; null for no limit.</summary>
    public long? TmpfsSize { get; init; }

    public uint? TmpfsMode { get; init; }

    /// <summary>As the Engine API wants it.</summary>
    public Mount ToMount() => new()
    {
        Type = Type,
        Source = Source,
        Target = Target,
        ReadOnly = ReadOnly ? true : null,
        Consistency = Consistency,
        BindOptions = Propagation is not null || NonRecursive ? new BindOptions { Propagation = Propagation, NonRecursive = NonRecursive ? true : null } : null,
        VolumeOptions = Volume(),
        TmpfsOptions = TmpfsSize is not null || TmpfsMode is not null ? new TmpfsOptions { SizeBytes = TmpfsSize, Mode = TmpfsMode } : null,
    };

    /// <summary>Never its options: a network volume's hold credentials.</summary>
    public override string ToString() => $"{Type} {Target}";

    private VolumeOptions? Volume() =>
        NoCopy || VolumeDriver is not null || VolumeOptions.Count > 0 || VolumeLabels.Count > 0
            ? new VolumeOptions
            {
                NoCopy = NoCopy ? true : null,
                Labels = VolumeLabels.Count > 0 ? VolumeLabels.ToDictionary(StringComparer.Ordinal) : null,
                DriverConfig = VolumeDriver is not null || VolumeOptions.Count > 0
                    ? new Driver { Name = VolumeDriver, Options = VolumeOptions.ToDictionary(StringComparer.Ordinal) }
                    : null,
            }
            : null;
}
