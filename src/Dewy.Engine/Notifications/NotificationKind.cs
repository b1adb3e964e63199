namespace Dewy.Engine.Notifications;

/// <summary>What a message is about; a quiet notifier sends all but the first.</summary>
internal enum NotificationKind
{
    /// <summary>Something on the way: a start, a download, a restart.</summary>
    Milestone,

    /// <summary>How something ended, or what a person asked to be told.</summary>
    Result,

    /// <summary>Something went wrong.</summary>
    Failure,

    /// <summary>It works again.</summary>
    Recovery,
}
