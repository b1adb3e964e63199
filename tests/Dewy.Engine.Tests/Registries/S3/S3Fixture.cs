using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests.Http;
using Dewy.Tests.S3;

namespace Dewy.Engine.Tests.Registries.S3;

/// <summary>A bucket of a real S3 server, behind a front that can misbehave.</summary>
internal sealed class S3Fixture : RegistryFixture
{
    private readonly S3Rver _server;
    private readonly string _bucket;

    public S3Fixture(S3Rver server)
    {
        _server = server;
        _bucket = server.CreateBucket();
        Front = new S3Front(server, _bucket);
    }

    public S3Front Front { get; }

    public override RegistryTraits Traits => RegistryTraits.Files;

    public override string Url => $"s3://eu-west-1/{_bucket}/team/app";

    public override string Parameters => $"endpoint={Uri.EscapeDataString(Front.Address.AbsoluteUri)}";

    public override IReadOnlyDictionary<string, string> Environment => S3Rver.Credentials;

    public override IReadOnlyList<string> Canaries => ["S3RVER"];

    public override int? RequestCount => Front.Requests.Count;

    public override Task StartAsync() => Front.OpenAsync();

    public Task PutAsync(string key, byte[] content, DateTimeOffset at) => _server.PutAsync(_bucket, key, content, at);

    public override async Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        if (files.Count == 0)
            await PutAsync($"team/app/{tag}/.keep", [], at);
        foreach (var file in files)
            await PutAsync($"team/app/{tag}/{file.Name}", file.Content, at);
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        NobodyListens = fault is RegistryFault.Unreachable;
        Front.Add(fault switch
        {
            RegistryFault.Missing => Error(404, "NoSuchBucket"),
            RegistryFault.Unauthorized => Error(403, "InvalidAccessKeyId"),
            RegistryFault.RateLimited => Error(503, "SlowDown", ("Retry-After", "120")),
            RegistryFault.Malformed => new Fault.Answer(200, "<ListBucketResult><Name>", "application/xml"),
            RegistryFault.Silent => new Fault.Stall(),
            RegistryFault.Cut => new Fault.CutAfter(20),
            _ => Error(500, "InternalError"),
        });
        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        NobodyListens = false;
        Front.Heal();
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ReportsAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. _server.Keys(_bucket).Select(key => key[(key.LastIndexOf('/') + 1)..]).Where(name => name.StartsWith("shipped_to_", StringComparison.Ordinal))]);

    public override ValueTask DisposeAsync() => Front.DisposeAsync();

    private static Fault.Answer Error(int status, string code, params (string Name, string Value)[] headers) =>
        new(status, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>Because.</Message></Error>", "application/xml", headers);
}
