using System.Globalization;
using Dewy.Engine.Tests.Registries.Oci;
using Dewy.Tests.GitHub;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.Grpc;
using Dewy.Tests.Http;
using Dewy.Tests.S3;

namespace Dewy.Benchmarks;

/// <summary>
/// A registry in a process of its own, so that its processor time is nobody else's: says its URL or address in one line, then answers
/// each line with the number of requests since the last, until there are no more lines.
/// </summary>
internal static class PollServer
{
    /// <summary>The first argument of that process.</summary>
    public const string Word = "poll-server";

    public const string Token = "benchmark-token";
    public const string KeyId = "benchmark-key";
    public const string GoogleBucket = "bucket-of-benchmarks";
    public const string Artifact = "app.tar.gz";

    private static readonly DateTimeOffset Newest = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string kind, int releases, TextReader input, TextWriter output)
    {
        var (server, url) = await StartAsync(kind, releases);
        await using var stopping = server;
        await output.WriteLineAsync(url());
        await output.FlushAsync();
        while (await input.ReadLineAsync() is not null)
        {
            await output.WriteLineAsync(server.Requests.Count.ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync();
            server.Forget();
        }
    }

    /// <summary>Tags of so many releases, the newest last.</summary>
    public static IEnumerable<string> Tags(int releases) => Enumerable.Range(0, releases).Select(index => $"v1.{index / 100}.{index % 100}");

    private static DateTimeOffset At(int index, int releases) => Newest.AddHours(index - releases);

    private static async Task<(LoopbackServer Server, Func<string> Url)> StartAsync(string kind, int releases)
    {
        switch (kind)
        {
            case "ghr":
                var github = new GitHubServer { Token = Token };
                await github.OpenAsync();
                foreach (var (index, tag) in Tags(releases).Index())
                    github.Publish(tag, At(index, releases), (Artifact, [1]), ($"{Artifact}.sha256", [2]));
                return (github, () => github.ApiUrl);
            case "s3":
                var bucket = new ListedBucket { KeyId = KeyId };
                foreach (var (index, tag) in Tags(releases).Index())
                    bucket.Put($"app/{tag}/{Artifact}", 1000 + index, At(index, releases));
                await bucket.StartAsync();
                return (bucket, () => $"{bucket.RegistryUrl}&artifact={Artifact}");
            case "gs":
                var google = new GcsServer(GoogleBucket, TimeProvider.System);
                await google.StartAsync();
                foreach (var (index, tag) in Tags(releases).Index())
                    google.Put($"app/{tag}/{Artifact}", [1], At(index, releases));
                return (google, () => google.Address.AbsoluteUri);
            case "img":
                var images = new ImageRegistryServer { Time = TimeProvider.System, GivesEntityTags = true, LargestPage = 1000 };
                await images.StartAsync();
                foreach (var (index, tag) in Tags(releases).Index())
                    images.Push(tag, TestImage.Of(created: At(index, releases), marker: tag));
                return (images, () => $"img://{images.Authority}/{ImageRegistryServer.Repository}?platform=linux/amd64");
            case "grpc":
                var service = await RegistryServer.CreateAsync();
                var file = await FileServer.CreateAsync();
                file.Put($"/{Artifact}", [1]);
                service.Publish(Tags(releases).Last(), new Uri(file.Address, Artifact).AbsoluteUri, Newest);
                return (service, () => $"grpc://{service.Authority}?no-tls=true");
            default:
                var unchanged = new UnchangedServer();
                await unchanged.StartAsync();
                return (unchanged, () => unchanged.Address.AbsoluteUri);
        }
    }
}
