using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Jobs;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Starts an agent as a job, or one for each application of a configuration file.</summary>
[Cmdlet(VerbsLifecycle.Start, "DewyAgent", DefaultParameterSetName = ParameterSets.Any, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AgentJob))]
public sealed class StartDewyAgentCommand : AgentSettingsCommand
{
    /// <summary>How long to look whether the agent can start at all; after that the job itself tells.</summary>
    private static readonly TimeSpan StartObservation = TimeSpan.FromSeconds(15);

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var applications = Applications();
        var started = new List<AgentJob>();
        try
        {
            foreach (var application in applications)
            {
                if (!await ShouldProcessAsync(application.Root, $"Start an agent for {application.Registry}"))
                    continue;
                try
                {
                    started.Add(await StartAsync(application));
                }
                catch (DewyException exception) when (applications.Count > 1)
                {
                    EmitError(ErrorRecords.From(exception, application.Root));
                }
            }

            foreach (var job in started)
                await ObserveAsync(job, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(started.Select(RemoveAsync));
            throw;
        }

        foreach (var job in started)
            await TellAsync(job, isOnlyOne: applications.Count == 1);
    }

    private async Task<AgentJob> StartAsync(ConfiguredApplication application)
    {
        var feed = new JobFeed();
        var request = new AgentJobRequest(Engine.CreateAgent(application.Options, feed), feed, application.Root, NotifierMask.Apply(CommandLine(), Notifier ?? []), TimeProvider.System, Session.Remove);
        var job = await OnPipelineAsync(() => NewJob(request));
        Session.Add(job);
        job.StartJob();
        return job;
    }

    private static async Task ObserveAsync(AgentJob job, CancellationToken cancellationToken)
    {
        try
        {
            await job.StartedOrEnded.WaitAsync(StartObservation, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A slow start is no failure.
        }
    }

    private async Task TellAsync(AgentJob job, bool isOnlyOne)
    {
        if (job is not { HasEnded: true, Failure: { } failure })
        {
            Emit(job);
            return;
        }

        await RemoveAsync(job);
        if (isOnlyOne)
            throw failure;
        EmitError(ErrorRecords.From(failure, job.Root));
    }

    /// <summary>How the agent was started, for Get-Job, which anyone may look at: without a secret that stands in the line itself.</summary>
    private string CommandLine() => Options.Credential is { Secret.Length: > 0 } credential
        ? MyInvocation.Line.Trim().Replace(credential.Secret, "***", StringComparison.Ordinal)
        : MyInvocation.Line.Trim();

    private static async Task RemoveAsync(AgentJob job)
    {
        await job.EndAsync();
        job.Dispose();
    }

    private AgentJob NewJob(AgentJobRequest request)
    {
        var definition = new JobDefinition(typeof(AgentJobSourceAdapter), MyInvocation.InvocationName, request.Agent.Name);
        var specification = new JobInvocationInfo(definition, new Dictionary<string, object>(StringComparer.Ordinal) { [AgentJobSourceAdapter.RequestParameter] = request });
        return (AgentJob)JobManager.NewJob(specification);
    }
}
