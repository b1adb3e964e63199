namespace Dewy.Engine.Registries;

/// <summary>An open answer with a file's bytes.</summary>
public sealed class ArtifactContent : IAsyncDisposable
{
    /// <summary>The bytes from <see cref="Offset"/> on.</summary>
    public required Stream Stream { get; init; }

    /// <summary>Where the stream begins in the file.</summary>
    public long Offset { get; init; }

    /// <summary>Length of the whole file in bytes, where the answer tells.</summary>
    public long? TotalLength { get; init; }

    /// <summary>A strong validator (ETag, generation, or modification time and size) that tells whether a later answer is of the same file; null where there is none, and then a download cannot be resumed.</summary>
    public string? Validator { get; init; }

    /// <summary>Closed together with the stream, such as the response it came from.</summary>
    public IDisposable? Owner { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        Owner?.Dispose();
    }
}
