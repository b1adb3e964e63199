using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;

namespace Dewy.Engine.Tests.Registries.GitHub;

/// <summary>A repository on a GitHub of our own.</summary>
internal sealed class GitHubFixture : RegistryFixture
{
    private readonly string _token = "ghp_canary" + Guid.NewGuid().ToString("N");
    private readonly GitHubServer _server;

    public GitHubFixture() => _server = new GitHubServer { Token = _token };

    public GitHubServer Server => _server;

    public override RegistryTraits Traits => RegistryTraits.Files | RegistryTraits.AnswersConditionally;

    public override string Url => "ghr://acme/app";

    public override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["GITHUB_API_URL"] = _server.ApiUrl, ["GH_TOKEN"] = _token };

    public override IReadOnlyList<string> Canaries => [_token, _server.Signature];

    public override int? RequestCount => _server.Requests.Count;

    public override Task StartAsync() => _server.OpenAsync();

    public override Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        if (_server.Releases.FirstOrDefault(release => release.Tag == tag) is { } there)
        {
            foreach (var file in files)
            {
                _server.Detach(there, file.Name);
                _server.Attach(there, file.Name, file.Content, at);
            }
        }
        else
        {
            _server.Publish(tag, at, [.. files.Select(file => (file.Name, file.Content))]);
        }

        return Task.CompletedTask;
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        NobodyListens = fault is RegistryFault.Unreachable;
        _server.Add(fault switch
        {
            RegistryFault.Missing => new Fault.Answer(404, """{"message":"Not Found"}"""),
            RegistryFault.Unauthorized => new Fault.Answer(401, """{"message":"Bad credentials"}"""),
            RegistryFault.RateLimited => new Fault.Answer(403, """{"message":"API rate limit exceeded"}""", Headers:
            [
                ("X-RateLimit-Remaining", "0"),
                ("X-RateLimit-Reset", Time.GetUtcNow().AddSeconds(120).ToUnixTimeSeconds().ToString()),
            ]),
            RegistryFault.Malformed => Fault.MalformedJson,
            RegistryFault.Silent => new Fault.Stall(),
            RegistryFault.Cut => new Fault.CutAfter(20),
            _ => Fault.ServerError,
        });
        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        NobodyListens = false;
        _server.Heal();
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ReportsAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. _server.Releases.SelectMany(release => release.Assets).Select(asset => asset.Name).Where(name => name.StartsWith("shipped_to_", StringComparison.Ordinal))]);

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
