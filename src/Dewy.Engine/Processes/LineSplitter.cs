using System.Text;

namespace Dewy.Engine.Processes;

/// <summary>Makes lines of the bytes a program writes. A line that grows too long is given out in pieces.</summary>
internal sealed class LineSplitter(int longestLine = LineSplitter.DefaultLongestLine)
{
    /// <summary>8 KiB.</summary>
    public const int DefaultLongestLine = 8192;

    private readonly byte[] _line = new byte[longestLine];
    private int _length;

    /// <summary>The line that has no end yet.</summary>
    public string Unfinished => Encoding.UTF8.GetString(_line, 0, _length);

    /// <summary>Takes bytes and gives the lines they complete, without their ends.</summary>
    public void Append(ReadOnlySpan<byte> bytes, Action<string> onLine)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var take = Math.Min(end >= 0 ? end : bytes.Length, longestLine - _length);
            bytes[..take].CopyTo(_line.AsSpan(_length));
            _length += take;
            bytes = bytes[take..];
            if (end == take && !bytes.IsEmpty)
            {
                bytes = bytes[1..];
                Finish(onLine);
            }
            else if (_length == longestLine)
            {
                Finish(onLine);
            }
        }
    }

    private void Finish(Action<string> onLine)
    {
        var length = _length > 0 && _line[_length - 1] == '\r' ? _length - 1 : _length;
        _length = 0;
        onLine(Encoding.UTF8.GetString(_line, 0, length));
    }
}
