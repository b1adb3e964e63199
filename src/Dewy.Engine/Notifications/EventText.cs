using System.Globalization;
using Dewy.Engine.Composition;

namespace Dewy.Engine.Notifications;

/// <summary>What people are told of each event. Texts shared with the Go program are kept word for word.</summary>
internal static class EventText
{
    private const string HeldBack = "This is the third failure in a row: more of them are held back until it works again.";

    public static NotificationMessage Started(AgentStarted e) => Milestone(e, $"Automatic shipping started by *Dewy* (v{e.Version.TrimStart('v')}: {Word(e.Mode)})") with
    {
        Facts = Facts(("Registry", e.Registry), ("Root", e.Root)),
    };

    public static NotificationMessage Stopped(AgentStopped e, string? reason) => Milestone(e, "Automatic shipping stopped by *Dewy*") with
    {
        Level = reason is "failed" ? NotificationLevel.Error : NotificationLevel.Information,
        Facts = Facts(("Reason", reason), ("Application", e.ApplicationLeftRunning ? "left running" : null)),
    };

    public static NotificationMessage RestartRequested(RestartRequested e) => Milestone(e, $"Restart requested by {e.RequestedBy}") with
    {
        Facts = Facts(("Process id", e.ProcessId.ToString(CultureInfo.InvariantCulture))),
    };

    public static NotificationMessage Downloaded(ArtifactCached e) => Milestone(e, $"Downloaded artifact for {e.Artifact.Tag}") with
    {
        Facts = Facts(("Cache key", e.Artifact.Key), ("Digest", e.Artifact.Digest.ToString())),
    };

    public static NotificationMessage Pulled(ImagePulled e) => Milestone(e, $"Pulled image for {e.Tag}") with
    {
        Facts = Facts(("Image", e.Image), ("Duration", Time(e.Duration))),
    };

    public static NotificationMessage DeploymentStarted(DeploymentStarted e) => Milestone(e, $"Deployment of {e.Tag} started") with
    {
        DeploymentId = e.Id,
        Facts = Facts(("Before", e.PreviousTag ?? "none"), ("After", e.Tag), ("Requested by", e.RequestedBy)),
    };

    public static NotificationMessage Succeeded(DeploymentEnded e)
    {
        var (deployment, took) = (e.Deployment, Time(e.Deployment.Duration));
        var text = deployment.RequestedBy.StartsWith("rollback", StringComparison.Ordinal) ? $"Rolled back to {deployment.Tag} in {took}"
            : deployment.Mode == DeploymentMode.Container ? $"Container deployed successfully for {deployment.Tag}"
            : $"Deployment of {deployment.Tag} succeeded in {took}";
        return Make(e, NotificationKind.Result, NotificationLevel.Success, text) with
        {
            DeploymentId = deployment.Id,
            Facts = Facts(("Before", deployment.PreviousTag ?? "none"), ("After", deployment.Tag), ("Duration", took), ("Requested by", deployment.RequestedBy)),
        };
    }

    public static NotificationMessage Interrupted(DeploymentEnded e) => Make(e, NotificationKind.Result, NotificationLevel.Warning, $"Deployment of {e.Deployment.Tag} was interrupted") with
    {
        DeploymentId = e.Deployment.Id,
        Detail = "The release that was live before still is; the next cycle tries again.",
        Facts = Facts(("Before", e.Deployment.PreviousTag ?? "none"), ("After", e.Deployment.PreviousTag ?? "none"), ("Duration", Time(e.Deployment.Duration))),
    };

    public static NotificationMessage Failed(DeploymentEnded e, ReleaseBlocked? blocked, string lastOutput)
    {
        var deployment = e.Deployment;
        var error = deployment.Error;
        var what = deployment.Result == DeploymentResult.RolledBack ? $"{deployment.Tag} was rolled back" : $"Deployment of {deployment.Tag} failed";
        return Make(e, NotificationKind.Failure, NotificationLevel.Error, $"{what}: {error?.Message ?? "no reason is known."}") with
        {
            DeploymentId = deployment.Id,
            Detail = WhatToDo(error),
            Facts = Facts(
                ("Before", (deployment.Result == DeploymentResult.RolledBack ? deployment.Tag : deployment.PreviousTag) ?? "none"),
                ("After", deployment.PreviousTag ?? "none"),
                ("Duration", Time(deployment.Duration)),
                ("Phase", error?.Phase),
                ("Target", error?.Target),
                ("Code", error?.Code.ToString()),
                ("Blocked until", blocked is null ? null : $"{blocked.RetryAt.UtcDateTime:u}"),
                ("Requested by", deployment.RequestedBy)),
            Outputs = lastOutput.Length == 0 ? [] : [new NotificationOutput("Last output", lastOutput)],
        };
    }

    public static NotificationMessage RollingBack(RollingBack e) =>
        Make(e, NotificationKind.Milestone, NotificationLevel.Warning, e.ToTag.Length > 0 ? $"Rolling back from {e.FromTag} to {e.ToTag}: {e.Reason}" : $"Withdrawing {e.FromTag}: {e.Reason}");

    public static NotificationMessage Blocked(ReleaseBlocked e) => Make(e, NotificationKind.Failure, NotificationLevel.Warning, $"{e.Tag} is blocked: {e.Reason}") with
    {
        Facts = Facts(("Blocked until", $"{e.RetryAt.UtcDateTime:u}"), ("Failures", e.Failures.ToString(CultureInfo.InvariantCulture))),
    };

    public static NotificationMessage Hook(HookCompleted e)
    {
        var hook = e.Result;
        var name = hook.Kind == HookKind.BeforeDeploy ? "Before deploy hook" : "After deploy hook";
        var message = hook.Succeeded
            ? Make(e, NotificationKind.Milestone, NotificationLevel.Success, $"{name} succeeded in {Time(hook.Duration)}")
            : Make(e, NotificationKind.Failure, NotificationLevel.Error, $"{name} failed: {hook.Error}");
        return message with
        {
            Facts = Facts(("Command", hook.Command), ("Exit code", hook.ExitCode?.ToString(CultureInfo.InvariantCulture)), ("Duration", Time(hook.Duration))),
            Outputs = [.. new[] { new NotificationOutput("Standard output", hook.StandardOutput), new("Standard error", hook.StandardError) }.Where(output => output.Text.Trim().Length > 0)],
        };
    }

    public static NotificationMessage ServerStarted(ServerStarted e) => Milestone(e, $"Server started for {e.Tag}");

    public static NotificationMessage ServerRestarted(ServerRestarted e) => Milestone(e, $"Server restarted for {e.Tag}") with { Facts = Facts(("Reason", e.Reason)) };

    public static NotificationMessage Crashed(EngineEvent e, string tag, ProcessExit exit) => Make(e, NotificationKind.Failure, NotificationLevel.Error, $"The application of {tag} ended by itself: it {(exit.Signal is null ? exit : $"was {exit}")}") with
    {
        Detail = "It is started again, at once and then further and further apart.",
        Outputs = exit.LastOutput.Length == 0 ? [] : [new NotificationOutput("Last output", exit.LastOutput)],
    };

    public static NotificationMessage CycleFailed(CycleFailed e) => Make(e, NotificationKind.Failure, NotificationLevel.Error, $"{Capital(e.Error.Phase ?? "cycle")} failed: {e.Error.Message}") with
    {
        Detail = WhatToDo(e.Error),
        Facts = Facts(
            ("Target", e.Error.Target),
            ("Code", e.Error.Code.ToString()),
            ("Failures in a row", e.ConsecutiveFailures.ToString(CultureInfo.InvariantCulture)),
            ("Next try in", e.NextIn > TimeSpan.Zero ? Time(e.NextIn) : null)),
    };

    public static NotificationMessage Recovered(Recovered e) =>
        Make(e, NotificationKind.Recovery, NotificationLevel.Success, $"*Recovered* after {(e.Failures == 1 ? "1 failure" : $"{e.Failures} failures")} and {Time(e.After)}");

    /// <summary>What a person has to say.</summary>
    public static NotificationMessage FromPerson(string text, NotificationLevel level, DateTimeOffset time, string application) => new()
    {
        Kind = NotificationKind.Result,
        Level = level,
        Text = text,
        Time = time,
        Application = application,
    };

    /// <summary>The message with word that more of its kind are held back.</summary>
    public static NotificationMessage LastOfRun(NotificationMessage message) => message with
    {
        Detail = message.Detail is null ? HeldBack : $"{message.Detail}\n{HeldBack}",
    };

    private static NotificationMessage Milestone(EngineEvent e, string text) => Make(e, NotificationKind.Milestone, NotificationLevel.Information, text);

    private static NotificationMessage Make(EngineEvent e, NotificationKind kind, NotificationLevel level, string text) => new()
    {
        Kind = kind,
        Level = level,
        Text = text,
        Time = e.Time,
        Application = e.Application ?? "",
        Event = e,
    };

    private static string? WhatToDo(DeploymentError? error) => error?.NextStep is { } next ? $"What to do: {next}" : null;

    private static NotificationFact[] Facts(params IEnumerable<(string Name, string? Value)> facts) =>
        [.. facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => new NotificationFact(fact.Name, fact.Value ?? ""))];

    private static string Word(DeploymentMode mode) => mode.ToString().ToLowerInvariant();

    private static string Time(TimeSpan span) => DurationText.Format(span);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
