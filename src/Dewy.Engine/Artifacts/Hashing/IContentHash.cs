namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>A hash that takes content as it comes.</summary>
internal interface IContentHash : IDisposable
{
    /// <summary>Name of the algorithm as in <see cref="Digest.Algorithm"/>, or <see cref="ContentHasher.Blake2b512"/>.</summary>
    string Algorithm { get; }

    void Append(ReadOnlySpan<byte> content);

    /// <summary>The hash of what was appended; begins anew afterwards.</summary>
    byte[] Finish();
}
