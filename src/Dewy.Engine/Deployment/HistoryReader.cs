using System.Text.Json;

namespace Dewy.Engine.Deployment;

/// <summary>Reads a history file from its end, block by block.</summary>
internal static class HistoryReader
{
    private const int BlockBytes = 32 * 1024;

    /// <summary>A longer line is damage, not a deployment.</summary>
    private const int LongestLine = 1024 * 1024;

    /// <summary>The deployments of a file, last line first; none where there is no file. Lines that are none are passed over.</summary>
    public static IEnumerable<Dewy.Deployment> NewestFirst(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            yield break;
        }

        using (stream)
        {
            foreach (var line in LinesBackwards(stream))
            {
                if (Parse(line) is { } deployment)
                    yield return deployment;
            }
        }
    }

    /// <summary>Where the last complete line ends: the length of a sound file, less where a write was cut short.</summary>
    public static long EndOfLastLine(Stream stream)
    {
        var block = new byte[BlockBytes];
        for (var end = stream.Length; end > 0; end -= Math.Min(end, BlockBytes))
        {
            var length = ReadBlockBefore(stream, end, block);
            var newline = Array.LastIndexOf(block, (byte)'\n', length - 1, length);
            if (newline >= 0)
                return end - length + newline + 1;
        }

        return 0;
    }

    /// <summary>Whether what stands between a position and the end is a whole deployment that lacks only its newline.</summary>
    public static bool IsWholeFrom(Stream stream, long position)
    {
        if (stream.Length - position is <= 0 or > LongestLine)
            return false;
        var line = new byte[stream.Length - position];
        stream.Position = position;
        stream.ReadExactly(line);
        return Parse(line) is not null;
    }

    private static IEnumerable<byte[]> LinesBackwards(FileStream stream)
    {
        var block = new byte[BlockBytes];
        var tail = new List<byte[]>(); // pieces of a line whose beginning is not read yet, last piece first
        var tailLength = 0;
        for (var end = stream.Length; end > 0; end -= Math.Min(end, BlockBytes))
        {
            var length = ReadBlockBefore(stream, end, block);
            var upTo = length;
            while (upTo > 0 && Array.LastIndexOf(block, (byte)'\n', upTo - 1, upTo) is >= 0 and var newline)
            {
                yield return Join(block[(newline + 1)..upTo], tail);
                tail.Clear();
                tailLength = 0;
                upTo = newline;
            }

            // A line without end is forgotten as it grows, and what is left of it parses as nothing.
            tailLength += upTo;
            if (tailLength > LongestLine)
                tail.Clear();
            tail.Add(block[..upTo]);
        }

        yield return Join([], tail);
    }

    private static byte[] Join(byte[] first, List<byte[]> tail) => tail.Count == 0 ? first : [.. first, .. Enumerable.Reverse(tail).SelectMany(piece => piece)];

    /// <summary>Fills the block with what comes before a position; returns how much, less than a block at the beginning.</summary>
    private static int ReadBlockBefore(Stream stream, long end, byte[] block)
    {
        var length = (int)Math.Min(end, block.Length);
        stream.Position = end - length;
        var read = stream.ReadAtLeast(block.AsSpan(0, length), length, throwOnEndOfStream: false);
        block.AsSpan(read, length - read).Clear(); // an unfinished line was cut off meanwhile; what is left parses as nothing
        return length;
    }

    private static Dewy.Deployment? Parse(byte[] line)
    {
        if (line.Length is 0 or > LongestLine)
            return null;
        try
        {
            return JsonSerializer.Deserialize(line, DeploymentJson.Line.Deployment);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
