using System.Diagnostics;
using Xunit;

namespace Dewy.Tests.S3;

/// <summary>
/// A real S3 server (npm <c>s3rver</c>) on a free port, started when first asked for and ended with the tests.
/// <c>DEWY_TEST_S3RVER</c> names its program. Its keys are <c>S3RVER</c>/<c>S3RVER</c>; objects are files below
/// <see cref="Directory"/>, so tests can put them there with any age.
/// </summary>
public sealed class S3Rver : IAsyncDisposable
{
    private const string ObjectSuffix = "._S3rver_object";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Lazy<Task<Uri>> _address;
    private readonly TemporaryDirectory _directory = new();
    private Process? _process;
    private int _buckets;

    public S3Rver() => _address = new Lazy<Task<Uri>>(StartAsync);

    /// <summary>Key id and secret.</summary>
    public static IReadOnlyDictionary<string, string> Credentials { get; } =
        new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "S3RVER", ["AWS_SECRET_ACCESS_KEY"] = "S3RVER" };

    public string Directory => _directory.Path;

    /// <summary>Where it listens; skips the test with the reason where there is none.</summary>
    public Task<Uri> AddressAsync()
    {
        var program = Environment.GetEnvironmentVariable("DEWY_TEST_S3RVER");
        Component.Require("s3", File.Exists(program), "DEWY_TEST_S3RVER names no s3rver (npm install s3rver)");
        return _address.Value;
    }

    /// <summary>A new bucket.</summary>
    public string CreateBucket()
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}";
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, name));
        return name;
    }

    /// <summary>Writes an object as old as told, as if it had been put.</summary>
    public async Task PutAsync(string bucket, string key, byte[] content, DateTimeOffset at)
    {
        var path = PathOf(bucket, key);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Directory);
        await File.WriteAllBytesAsync(path, content);
        File.Delete(path + ".md5");
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
    }

    /// <summary>The file an object is in.</summary>
    public string PathOf(string bucket, string key) => Path.Combine([Directory, bucket, .. (key + ObjectSuffix).Split('/')]);

    /// <summary>Keys of a bucket.</summary>
    public IReadOnlyList<string> Keys(string bucket)
    {
        var root = Path.Combine(Directory, bucket);
        return [.. System.IO.Directory.EnumerateFiles(root, "*" + ObjectSuffix, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path)[..^ObjectSuffix.Length].Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _directory.Dispose();
    }

    private async Task<Uri> StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("DEWY_TEST_S3RVER") ?? throw new InvalidOperationException("Nobody asked whether it is there.");
        var process = _process = new Process
        {
            StartInfo = new ProcessStartInfo(Component.Program("node"), [program, "-d", Directory, "-a", "127.0.0.1", "-p", "0", "--no-vhost-buckets", "-s"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        using var limit = new CancellationTokenSource(StartLimit);
        const string listening = "listening on ";
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.IndexOf(listening, StringComparison.Ordinal) is >= 0 and var at)
                return new Uri($"http://{line[(at + listening.Length)..].Trim()}/");
        }

        throw new InvalidOperationException("s3rver ended without listening.");
    }
}
