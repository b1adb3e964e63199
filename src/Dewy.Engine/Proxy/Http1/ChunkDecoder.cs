using System.Buffers;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// Takes a body out of its chunks (RFC 9112, 7.1), wherever the bytes are cut. Extensions are read over; trailers are kept
/// until the end. Used again for each answer on a connection.
/// </summary>
internal sealed class ChunkDecoder
{
    /// <summary>Digits of a size: more than fit into 60 bits are no size but an attempt at one that wraps around.</summary>
    private const int MostDigits = 15;

    private readonly ArrayBufferWriter<byte> _trailers = new();
    private readonly List<FieldLine> _fields = [];
    private State _state;
    private long _left;
    private int _digits;
    private int _lineBytes;
    private int _lineStart;

    private enum State
    {
        Size = 0,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        Trailer,
        Done,
        Malformed,
    }

    /// <summary>Whether the last chunk and the trailers have been read.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>Whether it cannot be chunks, whatever follows.</summary>
    public bool IsMalformed => _state == State.Malformed;

    /// <summary>The trailers, where in <see cref="TrailerBytes"/> they are.</summary>
    public IReadOnlyList<FieldLine> Trailers => _fields;

    /// <inheritdoc cref="Trailers"/>
    public ReadOnlySpan<byte> TrailerBytes => _trailers.WrittenSpan;

    /// <summary>Makes it ready for the next body.</summary>
    public void Reset()
    {
        _state = State.Size;
        _left = 0;
        _digits = _lineBytes = _lineStart = 0;
        _trailers.ResetWrittenCount();
        _fields.Clear();
    }

    /// <summary>Reads up to the end of a piece of data, or of what there is.</summary>
    /// <param name="received">What was received and not read yet.</param>
    /// <param name="data">Where the data in it is; empty where none came.</param>
    /// <returns>How many bytes were read.</returns>
    public int Read(ReadOnlySpan<byte> received, out Range data)
    {
        data = default;
        var taken = 0;
        while (taken < received.Length && _state is not (State.Done or State.Malformed))
        {
            if (_state == State.Data)
            {
                var end = taken + (int)Math.Min(received.Length - taken, _left);
                data = taken..end;
                _left -= end - taken;
                if (_left == 0)
                    _state = State.DataReturn;
                return end;
            }

            if (_state == State.Trailer)
                taken += ReadTrailer(received[taken..]);
            else
                _state = Next(received[taken++]);
        }

        return taken;
    }

    private State Next(byte character)
    {
        switch (_state)
        {
            case State.Size or State.Extension when ++_lineBytes > AnswerLimits.ChunkLineBytes:
                return State.Malformed;
            case State.Size when char.IsAsciiHexDigit((char)character):
                _left = (_left << 4) | HexValue(character);
                return ++_digits <= MostDigits ? State.Size : State.Malformed;
            case State.Size when _digits > 0 && character == ';':
                return State.Extension;
            case State.Size when _digits > 0 && character == '\r':
                return State.SizeEnd;
            case State.Extension when character == '\r':
                return State.SizeEnd;
            case State.Extension when character is (byte)'\t' or (>= 0x20 and not 0x7F):
                return State.Extension;
            case State.SizeEnd when character == '\n':
                (_digits, _lineBytes) = (0, 0);
                return _left == 0 ? State.Trailer : State.Data;
            case State.DataReturn when character == '\r':
                return State.DataEnd;
            case State.DataEnd when character == '\n':
                return State.Size;
            default:
                return State.Malformed;
        }
    }

    private static uint HexValue(byte digit) => (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);

    /// <returns>How many bytes were taken: up to the end of a line, or of what there is.</returns>
    private int ReadTrailer(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf((byte)'\n');
        var taken = end < 0 ? received.Length : end + 1;
        if (_trailers.WrittenCount + taken > AnswerLimits.TrailerBytes)
        {
            _state = State.Malformed;
            return taken;
        }

        _trailers.Write(received[..taken]);
        if (end < 0)
            return taken;
        var line = _trailers.WrittenSpan[_lineStart..^1];
        if (line is not [.., (byte)'\r'])
            _state = State.Malformed;
        else if (line.Length == 1)
            _state = State.Done;
        else if (_fields.Count < AnswerLimits.Fields && FieldLine.TryParse(line[..^1], _lineStart, out var field))
            _fields.Add(field);
        else
            _state = State.Malformed;
        _lineStart = _trailers.WrittenCount;
        return taken;
    }
}
