namespace Dewy;

/// <summary>How much a notification matters, and with it the colour it is shown in.</summary>
public enum NotificationLevel
{
    /// <summary>Something happened.</summary>
    Information,

    /// <summary>Something went well.</summary>
    Success,

    /// <summary>Something someone should look at.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,
}
