namespace Dewy.Engine.Deployment;

/// <summary>A root and everything in it, ready to use. Creating one touches nothing; <see cref="RootLayout.EnsureCreated"/> does.</summary>
internal sealed class DeploymentRoot
{
    /// <param name="root">Path of the root.</param>
    /// <param name="events">Told of switches, removals and damage.</param>
    public DeploymentRoot(string root, IEngineEventSink events, TimeProvider timeProvider)
    {
        Layout = new RootLayout(root);
        Current = new CurrentLink(Layout, events, timeProvider);
        Releases = new ReleaseDirectories(Layout, events, timeProvider);
        State = new StateStore(Layout, Current, Releases, events, timeProvider);
        History = new HistoryStore(Layout);
        Recovery = new RootRecovery(this, events, timeProvider);
    }

    public RootLayout Layout { get; }

    public CurrentLink Current { get; }

    public ReleaseDirectories Releases { get; }

    public StateStore State { get; }

    public HistoryStore History { get; }

    public RootRecovery Recovery { get; }
}
