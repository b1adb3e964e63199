using Dewy.Engine.Diagnostics;
using Dewy.Engine.Notifications;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>Messages and notifiers as tests need them.</summary>
internal static class Sample
{
    public static DateTimeOffset Time { get; } = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static NotificationMessage Message(string text = "Server started for v1.2.3") => new()
    {
        Kind = NotificationKind.Milestone,
        Level = NotificationLevel.Information,
        Text = text,
        Time = Time,
        Application = "app",
        Host = "host1",
    };

    /// <summary>A failed hook, with everything a message can have.</summary>
    public static NotificationMessage Full(string output = "line 1\nline 2", string? deploymentId = "id1") => EventText.Hook(new HookCompleted(new HookResult
    {
        Kind = HookKind.AfterDeploy,
        Command = "./warm-up & <all>",
        ExitCode = 3,
        Duration = TimeSpan.FromSeconds(2),
        StandardOutput = output,
        StandardError = "oh no",
        Error = "The after-deploy hook exited with code 3.",
    })
    { Time = Time, Application = "app" }) with
    {
        Host = "host1",
        Detail = "What to do: read <the> output.",
        DeploymentId = deploymentId,
    };

    /// <summary>A notifier on the real clock.</summary>
    public static INotifier Notifier(string url, IReadOnlyDictionary<string, string>? environment = null, SecretRedactor? redactor = null)
    {
        var address = NotifierAddress.Parse(url);
        var services = new NotifierServices { Time = TimeProvider.System, Environment = environment ?? new Dictionary<string, string>(), Redactor = redactor ?? new SecretRedactor() };
        address.TeachSecrets(services.Redactor);
        return NotifierCatalog.BuiltIn.Create(address, services);
    }
}
