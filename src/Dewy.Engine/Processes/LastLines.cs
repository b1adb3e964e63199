namespace Dewy.Engine.Processes;

/// <summary>The newest lines of a stream, as many as fit. Not thread-safe.</summary>
internal sealed class LastLines(int maximumLength = LastLines.DefaultMaximumLength)
{
    /// <summary>4 Ki characters.</summary>
    public const int DefaultMaximumLength = 4096;

    private readonly Queue<string> _lines = new();
    private int _length;

    public void Add(string line)
    {
        if (line.Length > maximumLength)
            line = line[^maximumLength..];
        _lines.Enqueue(line);
        _length += line.Length + 1;
        while (_length > maximumLength + 1)
            _length -= _lines.Dequeue().Length + 1;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _lines);
}
