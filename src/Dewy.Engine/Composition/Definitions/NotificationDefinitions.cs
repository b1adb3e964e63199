using Dewy.Engine.Notifications;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>Whom the agent tells.</summary>
internal static class NotificationDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.List("notifier", OptionGroup.Notification, "url",
            "Tell people what happens: slack://<channel>, smtp://<host>/<recipient>, webhooks://<host>/<path>, teams://…, discord://…; ?quiet=true sends results and failures only.",
            (options, values) => options with { Notifiers = [.. values.Select(NotifierAddress.Parse)] }),
    ];
}
