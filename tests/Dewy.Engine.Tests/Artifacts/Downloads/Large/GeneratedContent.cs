using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>
/// Content of any length that is nowhere stored: each eight bytes are a hash of where they stand (SplitMix64), so that
/// nothing can be repeated, left out or put in another place without another digest.
/// </summary>
internal static class GeneratedContent
{
    private const int Word = sizeof(ulong);
    private const int Block = 64 << 10;

    /// <summary>Writes the bytes that stand at an offset.</summary>
    public static void Fill(Span<byte> target, long offset)
    {
        Span<byte> word = stackalloc byte[Word];
        for (var at = 0; at < target.Length;)
        {
            var within = (int)((offset + at) % Word);
            var value = Mix((ulong)((offset + at) / Word));
            if (within == 0 && target.Length - at >= Word)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target[at..], value);
                at += Word;
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(word, value);
            var count = Math.Min(Word - within, target.Length - at);
            word.Slice(within, count).CopyTo(target[at..]);
            at += count;
        }
    }

    public static Digest Sha256(long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Block];
        for (long at = 0; at < length; at += Block)
        {
            var part = block.AsSpan(0, (int)Math.Min(Block, length - at));
            Fill(part, at);
            hash.AppendData(part);
        }

        return Digest.Sha256(hash.GetHashAndReset());
    }

    private static ulong Mix(ulong place)
    {
        var value = unchecked((place + 1) * 0x9E3779B97F4A7C15);
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }
}
