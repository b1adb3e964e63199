using System.Text;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Processes;

/// <summary>Keeps the last bytes a program wrote, however much it writes. Thread-safe.</summary>
/// <param name="limitBytes">How much text is kept at most.</param>
internal sealed class OutputRing(int limitBytes)
{
    /// <summary>
    /// Kept beyond the limit: where the beginning was lost, a secret may have been cut in two and would not be recognised,
    /// so as much as the longest secret takes is dropped again after redaction.
    /// </summary>
    public const int MarginBytes = 4096;

    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[limitBytes + MarginBytes];
    private long _written;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _written += bytes.Length;
            if (bytes.Length > _ring.Length)
                bytes = bytes[^_ring.Length..];
            var position = (int)((_written - bytes.Length) % _ring.Length);
            var untilEnd = Math.Min(bytes.Length, _ring.Length - position);
            bytes[..untilEnd].CopyTo(_ring.AsSpan(position));
            bytes[untilEnd..].CopyTo(_ring);
        }
    }

    /// <summary>The text, secrets removed; begins at a whole character where its beginning was lost.</summary>
    public string Read(SecretRedactor redactor)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        var (bytes, cut) = Snapshot();
        var text = Encoding.UTF8.GetBytes(redactor.Redact(Encoding.UTF8.GetString(bytes)));
        var excess = Math.Max(text.Length - limitBytes, cut ? Math.Min(MarginBytes, text.Length) : 0);
        while (excess > 0 && excess < text.Length && (text[excess] & 0xC0) == 0x80) // inside a character
            excess++;
        return Encoding.UTF8.GetString(text.AsSpan(excess));
    }

    private (byte[] Bytes, bool Cut) Snapshot()
    {
        lock (_lock)
        {
            if (_written <= _ring.Length)
                return (_ring[..(int)_written], false);
            var oldest = (int)(_written % _ring.Length);
            return ([.. _ring.AsSpan(oldest), .. _ring.AsSpan(0, oldest)], true);
        }
    }
}
