using System.Globalization;
using System.Text;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// Status line and fields of an answer. Reads what HTTP/1.1 allows and nothing else (RFC 9112): what can be read in two ways
/// is not guessed at but refused, for the application and the client may guess differently. Used again for each answer on a
/// connection.
/// </summary>
internal sealed class AnswerHead
{
    private readonly List<FieldLine> _fields = [];
    private int _lineStart;
    private int _scanned;
    private bool _isChunked;
    private bool _isHttp10;
    private bool _saysClose;

    /// <summary>Three digits.</summary>
    public int Status { get; private set; }

    /// <summary>Where in the head the words after the status are; empty where there are none.</summary>
    public Range Reason { get; private set; }

    /// <summary>The fields in their order, without those that frame the body.</summary>
    public IReadOnlyList<FieldLine> Fields => _fields;

    /// <summary>How the body ends.</summary>
    public BodyFraming Framing { get; private set; }

    /// <summary>What <c>Content-Length</c> says, whether there is a body or not; null where it is missing.</summary>
    public long? Length { get; private set; }

    /// <summary>Whether <c>Connection</c> names fields that are for this hop only.</summary>
    public bool NamesFields { get; private set; }

    /// <summary>Whether the connection may be used again after the body.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Whether a final answer is still to come.</summary>
    public bool IsInformational => Status < 200;

    /// <summary>Bytes of the whole head once it is complete.</summary>
    public int Bytes { get; private set; }

    /// <summary>Makes it ready for the next answer.</summary>
    public void Reset()
    {
        _fields.Clear();
        _lineStart = _scanned = 0;
        _isChunked = _isHttp10 = _saysClose = false;
        Length = null;
        NamesFields = false;
        Bytes = 0;
    }

    /// <summary>Goes on reading where it stopped.</summary>
    /// <param name="received">Everything since the beginning of the head.</param>
    /// <param name="toHead">Whether it answers HEAD, and so has no body.</param>
    public ParseResult Parse(ReadOnlySpan<byte> received, bool toHead)
    {
        while (true)
        {
            var next = received[_scanned..].IndexOf((byte)'\n');
            if (next < 0)
            {
                _scanned = received.Length;
                return received.Length < AnswerLimits.HeadBytes ? ParseResult.Incomplete : ParseResult.Malformed;
            }

            var (start, end) = (_lineStart, _scanned + next);
            _lineStart = _scanned = end + 1;
            if (end == start || received[end - 1] != '\r' || _scanned > AnswerLimits.HeadBytes)
                return ParseResult.Malformed;
            var line = received[start..(end - 1)];
            if (start > 0 && line.IsEmpty)
            {
                Bytes = _scanned;
                return Conclude(toHead) ? ParseResult.Complete : ParseResult.Malformed;
            }

            if (!(start == 0 ? ReadStatus(line) : ReadField(received, line, start)))
                return ParseResult.Malformed;
        }
    }

    private bool ReadStatus(ReadOnlySpan<byte> line)
    {
        const int Shortest = 12; // HTTP/1.1 200
        if (line.Length < Shortest || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' ')
            return false;
        var digits = line[9..Shortest];
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits[0] == '0')
            return false;

        // The space is due even where no words follow, but many leave it out then.
        if (line.Length > Shortest && (line[Shortest] != ' ' || !FieldLine.IsText(line)))
            return false;
        _isHttp10 = line[7] == '0';
        Status = ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + (digits[2] - '0');
        Reason = Math.Min(Shortest + 1, line.Length)..line.Length;
        return true;
    }

    private bool ReadField(ReadOnlySpan<byte> received, ReadOnlySpan<byte> line, int start)
    {
        if (!FieldLine.TryParse(line, start, out var field))
            return false;
        var name = field.Name(received);
        var value = field.Value(received);
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                return ReadLength(value);
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                if (_isChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
                    return false; // nobody else's coding can be undone here, nor passed on
                _isChunked = true;
                return true;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                ReadConnection(value);
                break;
            default:
                break;
        }

        _fields.Add(field);
        return _fields.Count <= AnswerLimits.Fields;
    }

    /// <summary>The same length said twice is one; anything else is an attempt to be understood in two ways (RFC 9112, 6.3).</summary>
    private bool ReadLength(ReadOnlySpan<byte> value)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || (Length is { } before && before != length))
            return false;
        Length = length;
        return true;
    }

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var option = value[part].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
                _saysClose = true;
            else if (!option.IsEmpty && !Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
                NamesFields = true;
        }
    }

    private bool Conclude(bool toHead)
    {
        if (_isChunked && (Length is not null || _isHttp10))
            return false;
        var mayHaveBody = !IsInformational && Status is not (204 or 205); // RFC 9110, 15.3.5 and 15.3.6
        var claimsBody = _isChunked || Length > 0;
        if (IsInformational && claimsBody)
            return false;
        Framing = toHead || !mayHaveBody || Status == 304 ? BodyFraming.None
            : _isChunked ? BodyFraming.Chunked
            : Length is null ? BodyFraming.UntilEnd
            : Length == 0 ? BodyFraming.None
            : BodyFraming.Length;
        KeepsConnection = !_isHttp10 && !_saysClose && Framing != BodyFraming.UntilEnd && (mayHaveBody || !claimsBody);
        return true;
    }
}
