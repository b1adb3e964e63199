using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>A registry of one kind for <see cref="ReleaseSourceContract"/>: how it is filled, broken, and where it is.</summary>
internal abstract class RegistryFixture : IAsyncDisposable
{
    /// <summary>The clock of registry and source.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public SecretRedactor Redactor { get; } = new();

    public abstract RegistryTraits Traits { get; }

    /// <summary>The registry's URL, without parameters.</summary>
    public abstract string Url { get; }

    /// <summary>Parameters every URL needs besides those of the test, such as <c>plain-http=true</c>; joined with <c>&amp;</c>.</summary>
    public virtual string Parameters => "";

    /// <summary>The agent's environment, credentials included.</summary>
    public virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>Values that must never be seen in a message: credentials, signatures.</summary>
    public virtual IReadOnlyList<string> Canaries => [];

    /// <summary>Requests the registry got so far; null where nobody counts.</summary>
    public virtual int? RequestCount => null;

    /// <summary>What the tag of a version in a slot looks like.</summary>
    public virtual string TagInSlot(string version, string slot) => $"{version}+{slot}";

    public RegistryServices Services => new()
    {
        TimeProvider = Time,
        Environment = Environment,
        Redactor = Redactor,
        CreateHandler = () => new Detour(RegistryHandlers.Create()) { IsClosed = () => NobodyListens },
    };

    /// <summary>Sends every request to a port where nobody listens.</summary>
    protected bool NobodyListens { get; set; }

    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Makes a release as old as told, with these files.</summary>
    public abstract Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files);

    /// <summary>Breaks the registry until it is healed; skips the test with the reason where it cannot fail that way.</summary>
    public abstract Task BreakAsync(RegistryFault fault);

    public abstract Task HealAsync();

    /// <summary>Names of the shipping reports the registry has.</summary>
    public virtual Task<IReadOnlyList<string>> ReportsAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    public abstract ValueTask DisposeAsync();

    protected static void Skip(string reason) => Assert.Skip($"Skipped: {reason}.");
}
