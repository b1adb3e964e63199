namespace Dewy.Engine.Registries.Http;

/// <summary>One file to open over HTTP.</summary>
internal sealed record HttpArtifactRequest
{
    public required Uri Location { get; init; }

    /// <summary>Name of the file, for messages, and to tell a page that was asked for from one that was not.</summary>
    public required string Name { get; init; }

    public required HttpCallText Text { get; init; }

    /// <summary>Length the registry states, in bytes.</summary>
    public long? ExpectedLength { get; init; }

    /// <summary>First byte wanted.</summary>
    public long Offset { get; init; }

    /// <summary><see cref="ArtifactContent.Validator"/> of the answer the first bytes came with; a range is asked for only with one.</summary>
    public string? Validator { get; init; }

    /// <summary>Adds headers, such as <c>Accept</c> and <c>Authorization</c>; called for each request that goes to <see cref="Location"/>. Credentials do not follow redirects to another host.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task> PrepareAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Takes content as the server keeps it, packed or not, and leaves <c>Accept-Encoding</c> to <see cref="PrepareAsync"/>; otherwise a content coding is refused.</summary>
    public bool KeepsContentCoding { get; init; }
}
