namespace Dewy.Engine.Processes;

/// <summary>What came of waiting for a program to be ready.</summary>
internal enum Readiness
{
    Ready,

    /// <summary>It ended first.</summary>
    Ended,

    /// <summary>It speaks the notification protocol and did not say that it is ready in time.</summary>
    TimedOut,
}
