using System.Text.Json.Serialization;

namespace Dewy;

/// <summary>One thing an agent depends on, looked at without changing anything.</summary>
public sealed record ConfigurationCheck
{
    /// <summary>Name of the application; null where its options could not be read.</summary>
    public string? Application { get; init; }

    /// <summary>Stable name of what was looked at: <c>registry</c>, <c>port</c>, <c>notifier</c> …</summary>
    public required string Name { get; init; }

    /// <summary>The URL, path, address or program, without secrets.</summary>
    public string? Target { get; init; }

    public required CheckResult Result { get; init; }

    /// <summary>One sentence: what was found.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it; null where there is nothing to do.</summary>
    public string? NextStep { get; init; }

    /// <summary>What an agent would fail with; null unless it failed.</summary>
    public ErrorCode? Code { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The exit code of a command that ends with this.</summary>
    [JsonIgnore]
    public ExitCode ExitCode => Result != CheckResult.Failed ? ExitCode.Ok : new DewyException(Code ?? ErrorCode.Unexpected, Message).ExitCode switch
    {
        ExitCode.DeploymentFailed => ExitCode.Failed, // there was no deployment
        var code => code,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}{(Target is null ? "" : $" {Target}")}: {Result}: {Message}";
}
