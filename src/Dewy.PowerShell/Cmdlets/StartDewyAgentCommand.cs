using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Jobs;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Starts an agent as a job.</summary>
[Cmdlet(VerbsLifecycle.Start, "DewyAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AgentJob))]
public sealed class StartDewyAgentCommand : DeployCommand
{
    /// <summary>How long to look whether the agent can start at all; after that the job itself tells.</summary>
    private static readonly TimeSpan StartObservation = TimeSpan.FromSeconds(15);

    [Parameter]
    [ValidateRange(1, 86_400)]
    [DewyOption("interval", Form = OptionForm.Seconds)]
    public int IntervalSec { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("admin-port")]
    public string? AdminPort { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!await ShouldProcessAsync(RootPath, $"Start an agent for {Registry}"))
            return;
        var feed = new JobFeed();
        var request = new AgentJobRequest(Engine.CreateAgent(Options, feed), feed, RootPath, NotifierMask.Apply(CommandLine(), Notifier ?? []), TimeProvider.System, Session.Remove);
        var job = await OnPipelineAsync(() => NewJob(request));
        Session.Add(job);
        job.StartJob();
        try
        {
            await job.StartedOrEnded.WaitAsync(StartObservation, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A slow start is no failure.
        }
        catch (OperationCanceledException)
        {
            await RemoveAsync(job);
            throw;
        }

        if (job is { HasEnded: true, Failure: { } failure })
        {
            await RemoveAsync(job);
            throw failure;
        }

        Emit(job);
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
