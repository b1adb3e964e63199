namespace Dewy.Engine.Tests.Registries.Http;

/// <summary>The real clock, except that waits between tries are over at once and the minute of silence that is a stall has 2 s.</summary>
internal sealed class HastyTimeProvider : TimeProvider
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(System.CreateTimer(callback, state, Hasten(dueTime), period));

    private static TimeSpan Hasten(TimeSpan due) =>
        due == Stall ? TimeSpan.FromSeconds(2) : due > TimeSpan.Zero && due < Stall ? TimeSpan.Zero : due;

    private sealed class HastyTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Hasten(dueTime), period);

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
