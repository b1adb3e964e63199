using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Engine.Tests.Registries.Oci;
using Dewy.Tests.GitHub;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.Grpc;
using Dewy.Tests.Http;
using Dewy.Tests.S3;

namespace Dewy.EndToEnd.Tests.Secrets;

/// <summary>A loopback registry of one scheme that only opens to the secrets of <see cref="Canaries"/>, with three releases.</summary>
internal sealed class CanaryRegistry : IAsyncDisposable
{
    public static readonly string[] Tags = ["v1.0.0", "v1.1.0", "v1.10.0"];

    private static readonly DateTimeOffset Newest = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly FileServer? _files;

    private CanaryRegistry(LoopbackServer server, string url, FileServer? files = null)
    {
        Server = server;
        Url = url;
        _files = files;
    }

    public LoopbackServer Server { get; }

    public string Url { get; }

    public static async Task<CanaryRegistry> StartAsync(string scheme, Canaries canaries)
    {
        const string artifact = ReleaseFolder.ArtifactName;
        switch (scheme)
        {
            case "ghr":
                var github = new GitHubServer { Token = canaries["GH_TOKEN"] };
                await github.OpenAsync();
                canaries.Set("GITHUB_APP_PRIVATE_KEY", "");
                canaries.Set("GITHUB_API_URL", github.ApiUrl);
                foreach (var (index, tag) in Tags.Index())
                    github.Publish(tag, At(index), (artifact, [1, 2, 3]));
                return new CanaryRegistry(github, $"ghr://{github.Owner}/{github.Repository}?artifact={artifact}");
            case "s3":
                var bucket = new ListedBucket { KeyId = canaries["AWS_ACCESS_KEY_ID"], SessionToken = canaries["AWS_SESSION_TOKEN"] };
                await bucket.StartAsync();
                foreach (var (index, tag) in Tags.Index())
                    bucket.Put($"app/{tag}/{artifact}", 3, At(index));
                return new CanaryRegistry(bucket, $"{bucket.RegistryUrl}&artifact={artifact}");
            case "gs":
                var google = new GcsServer("bucket-of-tests", TimeProvider.System) { Token = canaries.Secret("google token", $"ya29.canary{Guid.NewGuid():N}") };
                await google.StartAsync();
                canaries.SetGoogleCredentials(google.ServiceAccount());
                canaries.Secret("google key", google.Key.ExportPkcs8PrivateKeyPem());
                foreach (var (index, tag) in Tags.Index())
                    google.Put($"app/{tag}/{artifact}", [1, 2, 3], At(index));
                return new CanaryRegistry(google, $"gs://bucket-of-tests/app?endpoint={Uri.EscapeDataString(google.Address.AbsoluteUri)}&artifact={artifact}");
            case "img" or "img-basic":
                var images = new ImageRegistryServer { Time = TimeProvider.System, Auth = scheme is "img" ? "bearer" : "basic" };
                await images.StartAsync();
                canaries.SetDockerCredentials(images.Authority, ImageRegistryServer.User, ImageRegistryServer.Password);
                canaries.Secret(Canaries.ImageToken, ImageRegistryServer.Token(1));
                foreach (var (index, tag) in Tags.Index())
                    images.Push(tag, TestImage.Of(created: At(index), marker: tag));
                return new CanaryRegistry(images, $"img://{images.Authority}/{ImageRegistryServer.Repository}?platform=linux/amd64");
            case "grpc":
                var service = await RegistryServer.CreateAsync();
                var files = await FileServer.CreateAsync();
                files.Put($"/{artifact}", [1, 2, 3]);
                service.Publish(Tags[^1], new Uri(files.Address, artifact).AbsoluteUri, At(2));
                return new CanaryRegistry(service, $"grpc://{service.Authority}?no-tls=true", files);
            default:
                throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "There is no such registry.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_files is not null)
            await _files.DisposeAsync();
    }

    private static DateTimeOffset At(int index) => Newest.AddHours(index);
}
