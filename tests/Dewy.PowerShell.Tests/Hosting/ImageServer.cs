using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>An image registry on loopback (OCI distribution specification, pull) with one image under several tags, without any library: what the module loads is the test's concern.</summary>
internal sealed class ImageServer : IDisposable
{
    private const string Repository = "acme/app";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string Config = """{"os":"linux","architecture":"amd64","created":"2026-05-04T12:00:00Z","rootfs":{"type":"layers","diff_ids":[]}}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string[] _tags;
    private readonly Task _serving;

    public ImageServer(params string[] tags)
    {
        _tags = tags;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"img://{_listener.LocalEndpoint}/{Repository}?platform=linux/amd64";

    public static string Digest => DigestOf(Manifest);

    private static string Manifest =>
        $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{DigestOf(Config)}}","size":{{Config.Length}}},"layers":[]}""";

    public void Dispose()
    {
        _listener.Dispose();
        Assert(_serving.Wait(TimeSpan.FromSeconds(10)));
    }

    private static void Assert(bool ended) => Xunit.Assert.True(ended, "The image server does not end.");

    private static string DigestOf(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return; // the test is over
            }
            catch (IOException)
            {
                // A client that went away.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, bufferSize: 1, leaveOpen: true);
        var request = (await reader.ReadLineAsync() ?? "").Split(' ');
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // Headers make no difference here.
        }

        if (request is not [var method, var target, _])
            return;
        var (status, type, body) = target.Replace($"/v2/{Repository}", "", StringComparison.Ordinal).Split('?')[0].Split('/') switch
        {
            [_, "tags", "list"] => (200, "application/json", $$"""{"name":"{{Repository}}","tags":["{{string.Join("\",\"", _tags)}}"]}"""),
            [_, "manifests", var reference] when reference == Digest || _tags.Contains(reference) => (200, ManifestType, Manifest),
            [_, "blobs", var digest] when digest == DigestOf(Config) => (200, "application/octet-stream", Config),
            _ => (404, "application/json", """{"errors":[{"code":"NAME_UNKNOWN"}]}"""),
        };
        var head = $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nDocker-Content-Digest: {DigestOf(body)}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(method is "HEAD" ? head : head + body));
    }
}
