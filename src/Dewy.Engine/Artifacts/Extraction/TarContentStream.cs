namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The stored content of one tar entry.</summary>
internal sealed class TarContentStream(TarInput input, string name, long length) : ReadOnlyStream
{
    /// <summary>Bytes not read yet.</summary>
    public long Remaining { get; private set; } = length;

    public override int Read(Span<byte> buffer)
    {
        if (Remaining == 0 || buffer.IsEmpty)
            return 0;
        var count = input.Read(buffer.Length > Remaining ? buffer[..(int)Remaining] : buffer);
        if (count == 0)
            throw input.CutShort(name);
        Remaining -= count;
        return count;
    }
}
