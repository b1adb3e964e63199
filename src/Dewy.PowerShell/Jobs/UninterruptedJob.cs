using System.ComponentModel;
using System.Management.Automation;

namespace Dewy.PowerShell.Jobs;

/// <summary>A job that runs or has ended: PowerShell's older job states are refused with what to do instead.</summary>
public abstract class UninterruptedJob : Job2
{
    private protected UninterruptedJob(string command, string name)
        : base(command, name)
    {
    }

    /// <inheritdoc/>
    public override void SuspendJob() => throw NotSupported();

    /// <inheritdoc/>
    public override void SuspendJob(bool force, string reason) => throw NotSupported();

    /// <inheritdoc/>
    public override void SuspendJobAsync() => OnSuspendJobCompleted(new AsyncCompletedEventArgs(NotSupported(), cancelled: false, userState: null));

    /// <inheritdoc/>
    public override void SuspendJobAsync(bool force, string reason) => SuspendJobAsync();

    /// <inheritdoc/>
    public override void ResumeJob() => throw NotSupported();

    /// <inheritdoc/>
    public override void ResumeJobAsync() => OnResumeJobCompleted(new AsyncCompletedEventArgs(NotSupported(), cancelled: false, userState: null));

    /// <inheritdoc/>
    public override void UnblockJob() => throw NotSupported();

    /// <inheritdoc/>
    public override void UnblockJobAsync() => OnUnblockJobCompleted(new AsyncCompletedEventArgs(NotSupported(), cancelled: false, userState: null));

    private static NotSupportedException NotSupported() =>
        new("An agent cannot be suspended as a job; pause deploying with Suspend-DewyAgent.");
}
