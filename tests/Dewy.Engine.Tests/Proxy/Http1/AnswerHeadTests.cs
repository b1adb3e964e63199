using System.Globalization;
using System.Text;
using Dewy.Engine.Proxy.Http1;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

public sealed class AnswerHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, nameof(BodyFraming.Length), true)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, nameof(BodyFraming.None), true)]
    [InlineData("HTTP/1.1 200 \r\ncontent-length:5\r\n\r\n", 200, nameof(BodyFraming.Length), true)]
    [InlineData("HTTP/1.1 299 Caf\u00e9\tau lait\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 299, nameof(BodyFraming.Length), true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", 200, nameof(BodyFraming.Chunked), true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", 200, nameof(BodyFraming.Length), false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: X-A , Close\r\n\r\n", 200, nameof(BodyFraming.Length), false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200, nameof(BodyFraming.UntilEnd), false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", 200, nameof(BodyFraming.Length), false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, nameof(BodyFraming.None), true)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, nameof(BodyFraming.None), false)]
    [InlineData("HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n", 205, nameof(BodyFraming.None), false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, nameof(BodyFraming.None), true)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 103, nameof(BodyFraming.None), true)]
    public void Parse_WellFormed_KnowsHowTheBodyEnds(string text, int status, string framing, bool keepsConnection)
    {
        var head = new AnswerHead();
        Assert.Equal(ParseResult.Complete, head.Parse(Encoding.Latin1.GetBytes(text + "rest"), toHead: false));
        Assert.Equal((status, framing, keepsConnection, text.Length), (head.Status, head.Framing.ToString(), head.KeepsConnection, head.Bytes));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public void Parse_AnswerToHead_HasNoBody(string text)
    {
        var head = new AnswerHead();
        Assert.Equal(ParseResult.Complete, head.Parse(Encoding.Latin1.GetBytes(text), toHead: true));
        Assert.Equal((BodyFraming.None, true), (head.Framing, head.KeepsConnection));
    }

    [Theory]
    [InlineData("no status line", "\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("another protocol", "ICY 200 OK\r\n\r\n")]
    [InlineData("HTTP/2", "HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("unknown version", "HTTP/1.9 200 OK\r\n\r\n")]
    [InlineData("lower case", "http/1.1 200 OK\r\n\r\n")]
    [InlineData("two spaces", "HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("two digits", "HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("four digits", "HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("no number", "HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("too small", "HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("null in the reason", "HTTP/1.1 200 O\0K\r\n\r\n")]
    [InlineData("return in the reason", "HTTP/1.1 200 O\rK\r\n\r\n")]
    [InlineData("bare line feed after the status", "HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\n")]
    [InlineData("bare line feed after a field", "HTTP/1.1 200 OK\r\nX-A: b\n\r\n")]
    [InlineData("bare line feed at the end", "HTTP/1.1 200 OK\r\nX-A: b\r\n\n")]
    [InlineData("no colon", "HTTP/1.1 200 OK\r\nX-A\r\n\r\n")]
    [InlineData("no name", "HTTP/1.1 200 OK\r\n: b\r\n\r\n")]
    [InlineData("space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n")]
    [InlineData("space in a name", "HTTP/1.1 200 OK\r\nX A: b\r\n\r\n")]
    [InlineData("null in a name", "HTTP/1.1 200 OK\r\nX\0A: b\r\n\r\n")]
    [InlineData("folded field", "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n")]
    [InlineData("folded first field", "HTTP/1.1 200 OK\r\n X-A: b\r\n\r\n")]
    [InlineData("null in a value", "HTTP/1.1 200 OK\r\nX-A: b\0c\r\n\r\n")]
    [InlineData("return in a value", "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: c\r\n\r\n")]
    [InlineData("delete in a value", "HTTP/1.1 200 OK\r\nX-A: b\u007fc\r\n\r\n")]
    [InlineData("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("two lengths in one", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n")]
    [InlineData("no length", "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n")]
    [InlineData("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("signed length", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("length in hexadecimal", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n")]
    [InlineData("length with a point", "HTTP/1.1 200 OK\r\nContent-Length: 5.0\r\n\r\n")]
    [InlineData("length of too many digits", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\n")]
    [InlineData("length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("a coding before chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("chunks twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("something like chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("no coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n")]
    [InlineData("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("body of an informational answer", "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n")]
    public void Parse_Malformed_IsRefused(string what, string text)
    {
        Assert.True(new AnswerHead().Parse(Encoding.Latin1.GetBytes(text), toHead: false) == ParseResult.Malformed, what);
        Assert.True(new AnswerHead().Parse(Encoding.Latin1.GetBytes(text), toHead: true) == ParseResult.Malformed, what);
    }

    [Fact]
    public void Parse_TooLong_IsRefusedBeforeItEnds()
    {
        var endless = Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nX-A: " + new string('a', AnswerLimits.HeadBytes));
        Assert.Equal(ParseResult.Malformed, new AnswerHead().Parse(endless.AsSpan(0, AnswerLimits.HeadBytes), toHead: false));
        Assert.Equal(ParseResult.Incomplete, new AnswerHead().Parse(endless.AsSpan(0, AnswerLimits.HeadBytes - 1), toHead: false));
    }

    [Theory]
    [InlineData(AnswerLimits.Fields, nameof(ParseResult.Complete))]
    [InlineData(AnswerLimits.Fields + 1, nameof(ParseResult.Malformed))]
    public void Parse_ManyFields_AreRefusedBeyondTheLimit(int count, string result)
    {
        var text = $"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: a\r\n"))}\r\n";
        Assert.Equal(result, new AnswerHead().Parse(Encoding.Latin1.GetBytes(text), toHead: false).ToString());
    }

    [Fact]
    public void Parse_Fields_AreFoundAsTheyWere()
    {
        var bytes = Encoding.Latin1.GetBytes("HTTP/1.1 200 Very well\r\nX-Empty:\r\nX-Spaces: \t a b \t\r\nContent-Length: 3\r\nx!#$%&'*+-.^_`|~9: \u00e9\r\n\r\n");
        var head = new AnswerHead();
        Assert.Equal(ParseResult.Complete, head.Parse(bytes, toHead: false));
        Assert.Equal("Very well", Encoding.Latin1.GetString(bytes[head.Reason]));
        Assert.Equal(["X-Empty=", "X-Spaces=a b", "x!#$%&'*+-.^_`|~9=\u00e9"], Describe(head, bytes).Skip(1));
        Assert.Equal(3, head.Length);
    }

    /// <summary>However the bytes come, the result is the same: for what is well-formed, nearly so, and anything.</summary>
    [Property(MaxTest = 2_000)]
    public void Parse_CutAnywhere_IsTheSame(int seed)
    {
        var random = new Random(seed);
        var bytes = Encoding.Latin1.GetBytes(RandomAnswer.Head(random));
        if (random.Next(3) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var whole = new AnswerHead();
        var expected = whole.Parse(bytes, toHead: false);

        var head = new AnswerHead();
        var result = ParseResult.Incomplete;
        for (var end = 0; end < bytes.Length && result == ParseResult.Incomplete;)
        {
            end = Math.Min(bytes.Length, end + 1 + (random.Next(4) == 0 ? random.Next(40) : random.Next(3)));
            result = head.Parse(bytes.AsSpan(0, end), toHead: false);
        }

        Assert.Equal(expected, result);
        if (expected == ParseResult.Complete)
            Assert.Equal(Describe(whole, bytes), Describe(head, bytes));
    }

    /// <summary>Whatever comes, it ends, throws nothing, and takes nothing for a head that does not end like one.</summary>
    [Property(MaxTest = 2_000)]
    public void Parse_AnyBytes_NeverFails(byte[] noise, bool toHead)
    {
        byte[] bytes = [.. "HTTP/1.1 200 OK\r\n"u8, .. noise];
        var head = new AnswerHead();
        if (head.Parse(bytes, toHead) == ParseResult.Complete)
            Assert.True(bytes.AsSpan(0, head.Bytes).EndsWith("\r\n\r\n"u8));
    }

    private static IEnumerable<string> Describe(AnswerHead head, byte[] bytes) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{head.Status} {head.Framing} {head.Length} {head.KeepsConnection} {head.NamesFields} {head.Bytes} {head.Reason}"),
        .. head.Fields.Select(field => $"{Encoding.Latin1.GetString(field.Name(bytes))}={Encoding.Latin1.GetString(field.Value(bytes))}"),
    ];
}
