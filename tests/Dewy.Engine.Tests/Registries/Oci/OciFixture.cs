using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests;
using Dewy.Tests.Http;

namespace Dewy.Engine.Tests.Registries.Oci;

/// <summary>A registry that wants tokens, with a user known from the environment.</summary>
internal sealed class OciFixture : RegistryFixture
{
    private readonly ImageRegistryServer _server;
    private readonly TemporaryDirectory _home = new();

    public OciFixture()
    {
        _server = new ImageRegistryServer { Time = Time, Auth = "bearer" };
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _home.Path,
            ["USERPROFILE"] = _home.Path,
            ["DOCKER_USERNAME"] = ImageRegistryServer.User,
            ["DOCKER_PASSWORD"] = ImageRegistryServer.Password,
        };
    }

    public override RegistryTraits Traits => RegistryTraits.ListsReleases | RegistryTraits.Criteria | RegistryTraits.TellsAge;

    public override string Url => $"img://{_server.Authority}/{ImageRegistryServer.Repository}";

    public override IReadOnlyDictionary<string, string> Environment { get; }

    public override IReadOnlyList<string> Canaries => [Canary.Mark];

    public override int? RequestCount => _server.Requests.Count;

    public override string TagInSlot(string version, string slot) => $"{version}_{slot}";

    public override Task StartAsync() => _server.StartAsync();

    public override Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        _server.Push(tag, TestImage.Of(created: at, marker: tag));
        return Task.CompletedTask;
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        switch (fault)
        {
            case RegistryFault.Missing:
                _server.Add(new Fault.Answer(404, """{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}"""));
                break;
            case RegistryFault.Unauthorized:
                _server.Add(new Fault.Answer(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""", Headers: ("WWW-Authenticate", "Basic realm=\"tests\"")));
                break;
            case RegistryFault.RateLimited:
                _server.Add(Fault.TooManyRequests(120));
                break;
            case RegistryFault.OutOfOrder:
                _server.Add(Fault.ServerError);
                break;
            case RegistryFault.Silent:
                _server.Add(new Fault.Stall());
                break;
            case RegistryFault.Malformed:
                _server.Add(Fault.MalformedJson);
                break;
            case RegistryFault.Cut:
                _server.Add(new Fault.CutAfter(10) { When = request => request.Path.StartsWithSegments("/v2", StringComparison.Ordinal) });
                break;
            default:
                Skip($"no way to make it {fault}");
                break;
        }

        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        _server.Heal();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Dispose();
    }
}
