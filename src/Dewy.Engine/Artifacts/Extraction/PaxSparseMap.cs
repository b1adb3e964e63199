namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The map at the head of a pax 1.0 sparse file's content: the number of regions, then offsets and lengths, each on a line, padded to 512 bytes.</summary>
internal static class PaxSparseMap
{
    /// <summary>Reads the map and leaves the content at its data; null when it is malformed.</summary>
    public static IReadOnlyList<long>? Read(Stream content)
    {
        var block = new byte[TarHeader.BlockSize];
        var numbers = new List<long>();
        var number = 0L;
        var digits = 0;
        long? wanted = null;
        while (content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) == block.Length)
        {
            foreach (var character in block)
            {
                if (character is >= (byte)'0' and <= (byte)'9' && ++digits <= 18)
                {
                    number = (number * 10) + character - '0';
                    continue;
                }

                if (character != '\n' || digits == 0)
                    return null;
                if (wanted is null)
                    wanted = number <= SparseMap.MaxRegions ? number * 2 : long.MaxValue;
                else
                    numbers.Add(number);
                (number, digits) = (0, 0);
                if (numbers.Count == wanted)
                    return numbers;
                if (wanted == long.MaxValue)
                    return null;
            }
        }

        return null;
    }
}
