namespace Dewy.PowerShell.Jobs;

/// <summary>What the job source needs to make a job of an agent.</summary>
/// <param name="Agent">The agent, not started.</param>
/// <param name="Feed">Where its events go.</param>
/// <param name="Root">The directory it deploys into.</param>
/// <param name="CommandLine">How it was started, for <c>Get-Job</c>.</param>
/// <param name="Time">Clock of the job's times and limits.</param>
/// <param name="Removed">Told when the job is removed.</param>
internal sealed record AgentJobRequest(IDewyAgent Agent, JobFeed Feed, string Root, string CommandLine, TimeProvider Time, Action<AgentJob> Removed);
