namespace Dewy.Engine.Tests.Artifacts;

/// <summary>The real clock, except that waits of up to 30 s, the back-off between tries, are over at once.</summary>
internal sealed class ImpatientTimeProvider : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(30) ? TimeSpan.Zero : dueTime, period);
}
