using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Registries.Oci;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>The real registry (docker/distribution), on a free port, its images in a directory of the test.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    public const string User = "rita";
    public const string Password = "pass:word";

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();
    private Process? _process;

    public string Authority { get; private set; } = "";

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public async Task StartAsync(bool withPassword, CancellationToken cancellationToken)
    {
        var program = Component.Program("docker-registry");
        var access = withPassword ? $"auth:\n  htpasswd:\n    realm: tests\n    path: {await WritePasswordsAsync(cancellationToken)}\n" : "";
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            Authority = $"127.0.0.1:{port}";
            var configuration = _directory.Combine("config.yml");
            await File.WriteAllTextAsync(
                configuration,
                $"version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: {_directory.Combine("store")}\n  delete:\n    enabled: true\nhttp:\n  addr: {Authority}\n{access}",
                cancellationToken);
            _process = Process.Start(new ProcessStartInfo(program, ["serve", configuration]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
                ?? throw new InvalidOperationException("It did not start.");
            _process.OutputDataReceived += (_, _) => { };
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            if (withPassword)
                _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
            await Eventually.IsTrueAsync(() => _process.HasExited || Listens(port), "the registry listens");
            if (!_process.HasExited)
                return;
            if (attempt == 5) // somebody else took the port meanwhile
                throw new InvalidOperationException($"docker-registry ended with {_process.ExitCode}.");
        }
    }

    public async Task PushAsync(string repository, string tag, TestImage image, CancellationToken cancellationToken)
    {
        await StoreAsync(repository, image, cancellationToken);
        await PutManifestAsync(repository, tag, image, cancellationToken);
    }

    /// <summary>One more name for an image that is there.</summary>
    public async Task PutManifestAsync(string repository, string reference, TestImage image, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(image.Manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(image.MediaType);
        using var response = await _client.PutAsync(new Uri($"http://{Authority}/v2/{repository}/manifests/{reference}"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        _client.Dispose();
        _directory.Dispose();
    }

    private async Task StoreAsync(string repository, TestImage image, CancellationToken cancellationToken)
    {
        foreach (var child in image.Children)
            await PushAsync(repository, child.Digest, child, cancellationToken);
        if (image.Config is null)
            return;
        await PutBlobAsync(repository, image.Config, cancellationToken);
        foreach (var layer in image.Layers)
            await PutBlobAsync(repository, layer, cancellationToken);
    }

    private async Task PutBlobAsync(string repository, byte[] blob, CancellationToken cancellationToken)
    {
        using var begun = await _client.PostAsync(new Uri($"http://{Authority}/v2/{repository}/blobs/uploads/"), content: null, cancellationToken);
        begun.EnsureSuccessStatusCode();
        var place = begun.Headers.Location ?? throw new InvalidOperationException("No place to upload to.");
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var ended = await _client.PutAsync(new Uri($"{place}&digest={ContentDigest.Of(blob)}"), content, cancellationToken);
        ended.EnsureSuccessStatusCode();
    }

    private async Task<string> WritePasswordsAsync(CancellationToken cancellationToken)
    {
        var path = _directory.Combine("htpasswd");
        using var htpasswd = Process.Start(new ProcessStartInfo(Component.Program("htpasswd"), ["-Bbn", User, Password]) { UseShellExecute = false, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("It did not start.");
        await File.WriteAllTextAsync(path, await htpasswd.StandardOutput.ReadToEndAsync(cancellationToken), cancellationToken);
        await htpasswd.WaitForExitAsync(cancellationToken);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
