using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests;
using Dewy.Tests.GoogleCloud;
using Dewy.Tests.Http;

namespace Dewy.Engine.Tests.Registries.GoogleCloudStorage;

/// <summary>A bucket on a Google Cloud Storage of our own, read with a service account.</summary>
internal sealed class GcsFixture : RegistryFixture
{
    public const string Bucket = "releases_of.acme";

    private readonly string _token = "ya29.canary" + Guid.NewGuid().ToString("N");
    private readonly TemporaryDirectory _directory = new();

    public GcsFixture() => Server = new GcsServer(Bucket, Time) { Token = _token };

    public GcsServer Server { get; }

    public override RegistryTraits Traits => RegistryTraits.Files;

    public override string Url => $"gs://{Bucket}/team/app";

    public override string Parameters => $"endpoint={Uri.EscapeDataString(Server.Address.AbsoluteUri)}";

    /// <summary>The credentials' file.</summary>
    public string CredentialsPath => _directory.Combine("credentials.json");

    public override IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["GOOGLE_APPLICATION_CREDENTIALS"] = CredentialsPath };

    public override IReadOnlyList<string> Canaries => [_token];

    public override int? RequestCount => Server.Requests.Count;

    public override async Task StartAsync()
    {
        await Server.StartAsync();
        await File.WriteAllTextAsync(CredentialsPath, Server.ServiceAccount());
    }

    public override Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        if (files.Count == 0)
            Server.Put($"team/app/{tag}/.keep", [], at);
        foreach (var file in files)
            Server.Put($"team/app/{tag}/{file.Name}", file.Content, at);
        return Task.CompletedTask;
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        NobodyListens = fault is RegistryFault.Unreachable;
        Fault how = fault switch
        {
            RegistryFault.Missing => new Fault.Answer(404, """{"error":{"code":404,"message":"The specified bucket does not exist."}}"""),
            RegistryFault.Unauthorized => new Fault.Answer(403, """{"error":{"code":403,"message":"dewy does not have storage.objects.list access."}}"""),
            RegistryFault.RateLimited => Fault.TooManyRequests(120),
            RegistryFault.Malformed => new Fault.Answer(200, """{"prefixes": [ """),
            RegistryFault.Silent => new Fault.Stall(),
            RegistryFault.Cut => new Fault.CutAfter(10),
            _ => Fault.ServerError,
        };
        Server.Add(how with { When = request => request.Path != "/token" });
        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        NobodyListens = false;
        Server.Heal();
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ReportsAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Server.Objects.Select(stored => stored.Key[(stored.Key.LastIndexOf('/') + 1)..]).Where(name => name.StartsWith("shipped_to_", StringComparison.Ordinal))]);

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
