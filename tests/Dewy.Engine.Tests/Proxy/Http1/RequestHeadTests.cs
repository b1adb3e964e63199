using System.Buffers;
using System.Text;
using Dewy.Engine.Proxy.Http1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

public sealed class RequestHeadTests
{
    [Fact]
    public void Write_Request_IsWhatItWasWithItsBodyFramedAnew()
    {
        var context = Context("POST", "/a?b");
        context.Request.Headers["X-Two"] = new[] { "one", "two" };
        context.Request.Headers["X-Latin"] = "caf\u00e9";
        context.Request.Headers.TransferEncoding = "chunked";
        Assert.Equal(
            "POST /a?b HTTP/1.1\r\nHost: app.example\r\nX-Two: one\r\nX-Two: two\r\nX-Latin: caf\u00e9\r\nTransfer-Encoding: chunked\r\n\r\n",
            Write(context, new RequestBody(BodyFraming.Chunked, Length: null, WaitsForConsent: false)));
    }

    [Fact]
    public void Write_Length_IsSaidOnceAndConsentAskedFor()
    {
        var context = Context("PUT", "/");
        context.Request.Headers.ContentLength = 7;
        context.Request.Headers.Expect = "100-continue";
        Assert.Equal(
            "PUT / HTTP/1.1\r\nHost: app.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            Write(context, new RequestBody(BodyFraming.Length, 5, WaitsForConsent: true)));
    }

    [Theory]
    [InlineData("", "Host: 127.0.0.1:1")]
    [InlineData("app.example:81", "Host: app.example:81")]
    public void Write_Host_IsTheClientsOrTheBackendsOwn(string host, string expected)
    {
        var context = Context("GET", "/");
        context.Request.Headers.Host = host;
        Assert.Contains($"\r\n{expected}\r\n", Write(context, default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPTIONS", "*", "OPTIONS * HTTP/1.1")]
    [InlineData("GET", "//a/%2F/../b?c=%", "GET //a/%2F/../b?c=% HTTP/1.1")]
    [InlineData("GET", "http://app.example/a?b", "GET /a?b HTTP/1.1")]
    [InlineData("GET", "http://app.example", "GET / HTTP/1.1")]
    [InlineData("GET", "http://app.example?b", "GET /?b HTTP/1.1")]
    public void Write_Target_IsAsItWasWritten(string method, string target, string expected) =>
        Assert.StartsWith($"{expected}\r\n", Write(Context(method, target), default), StringComparison.Ordinal);

    [Fact]
    public void Write_CookiesInParts_AreOneAgain()
    {
        var context = Context("GET", "/");
        context.Request.Headers.Cookie = new[] { "a=b", "c=d" };
        Assert.Contains("\r\nCookie: a=b; c=d\r\n", Write(context, default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip, trailers;q=0.5", false)]
    [InlineData("gzip, Trailers", true)]
    public void Write_ClientTakesTrailers_BackendIsToldSo(string te, bool told)
    {
        var context = Context("GET", "/");
        context.Request.Headers.TE = te;
        Assert.Equal(told, Write(context, default)?.Contains("\r\nTE: trailers\r\nConnection: TE\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X-A", "b\r\nX-Evil: c")]
    [InlineData("X-A", "b\rc")]
    [InlineData("X-A", "b\nc")]
    [InlineData("X-A", "b\0c")]
    [InlineData("X-A", "b\u007fc")]
    [InlineData("X-A", "b\u010ac")] // its lower byte is a line feed
    [InlineData("X-A\r\nX-Evil", "b")]
    [InlineData("X A", "b")]
    [InlineData("X-A:", "b")]
    [InlineData("", "b")]
    [InlineData("X-\u00e9", "b")]
    [InlineData("Host", "a\r\nX-Evil: c")]
    [InlineData("Cookie", "a\r\nX-Evil: c")]
    public void Write_FieldThatWouldBeMoreThanOneLine_IsRefused(string name, string value)
    {
        var context = Context("GET", "/");
        context.Request.Headers[name] = value;
        Assert.Null(Write(context, default));
    }

    [Theory]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\r\nX-Evil: c")]
    [InlineData("GET", "/\u00e9")]
    [InlineData("GET", "/a\0")]
    [InlineData("G T", "/")]
    [InlineData("GET\r\n", "/")]
    [InlineData("", "/")]
    public void Write_FirstLineThatWouldBeAnother_IsRefused(string method, string target) => Assert.Null(Write(Context(method, target), default));

    [Fact]
    public void Write_PseudoHeaders_AreNoFields()
    {
        var context = Context("GET", "/");
        context.Request.Headers[":path"] = "/";
        Assert.DoesNotContain(":path", Write(context, default), StringComparison.Ordinal);
    }

    private static DefaultHttpContext Context(string method, string target)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Headers.Host = "app.example";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return context;
    }

    private static string? Write(HttpContext context, RequestBody body)
    {
        var written = new ArrayBufferWriter<byte>();
        return RequestHead.TryWrite(written, context, body, "127.0.0.1:1") ? Encoding.Latin1.GetString(written.WrittenSpan) : null;
    }
}
