using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Notifications;

/// <summary>One message, before it takes the form of a service.</summary>
internal sealed record NotificationMessage
{
    public required NotificationKind Kind { get; init; }

    public required NotificationLevel Level { get; init; }

    /// <summary>One line that says it all; words in asterisks are meant to stand out.</summary>
    public required string Text { get; init; }

    /// <summary>More about it: an error and what to do; null where there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>Short facts, in the order they are shown.</summary>
    public IReadOnlyList<NotificationFact> Facts { get; init; } = [];

    /// <summary>What a program said, such as a hook; longer than a fact.</summary>
    public IReadOnlyList<NotificationOutput> Outputs { get; init; } = [];

    /// <summary>When it happened (UTC).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The application concerned.</summary>
    public string Application { get; init; } = "";

    /// <summary>Name of this host.</summary>
    public string Host { get; init; } = "";

    /// <summary>The event it tells of; null where a person wrote it.</summary>
    public EngineEvent? Event { get; init; }

    /// <summary>The deployment it belongs to; null outside one.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The same without secrets. The event is left to whoever writes it out.</summary>
    public NotificationMessage Without(SecretRedactor redactor)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        return this with
        {
            Text = redactor.Redact(Text),
            Detail = Detail is null ? null : redactor.Redact(Detail),
            Facts = [.. Facts.Select(fact => fact with { Value = redactor.Redact(fact.Value) })],
            Outputs = [.. Outputs.Select(output => new NotificationOutput(redactor.Redact(output.Title), redactor.Redact(output.Text)))],
        };
    }
}
