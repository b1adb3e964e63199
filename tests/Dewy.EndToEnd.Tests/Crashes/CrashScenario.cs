using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Crashes;

/// <summary>Something an agent does from a known beginning to a known end, whoever dies meanwhile.</summary>
internal abstract record CrashScenario
{
    private static readonly string[] Recurring = ["RegistryPolled", "DeploySkipped", "ReleaseHeld", "DownloadProgressed", "ExtractionProgressed"];

    /// <summary>What must be live in the end.</summary>
    public required string Live { get; init; }

    /// <summary>What may be live meanwhile.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>What is kept in the end.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>Whether something is live when the agent starts.</summary>
    public virtual bool BeginsLive => true;

    /// <summary>Whether a program that outlives its agent goes on until the next one is there, so that nobody may be refused.</summary>
    public virtual bool ProgramsLive => true;

    /// <summary>Everything before the agent starts.</summary>
    public abstract Task PrepareAsync(SampleApplication application);

    /// <summary>The moment from which on kills count; null for the agent's start.</summary>
    public virtual string? Begins => null;

    /// <summary>What happens at that moment.</summary>
    public virtual Task ActAsync(SampleApplication application) => Task.CompletedTask;

    /// <summary>The moment that ends it.</summary>
    public virtual string Ends => "StepCompleted prune";

    /// <summary>Whether a moment is worth a kill: not what comes again and again while time passes, nor what the program does by itself.</summary>
    public static bool IsOfInterest(string moment) =>
        !moment.StartsWith("ApplicationOutput", StringComparison.Ordinal) && (!moment.Contains('#', StringComparison.Ordinal) || !Array.Exists(Recurring, name => moment.StartsWith(name, StringComparison.Ordinal)));

    public static CrashScenario Of(string name) => name switch
    {
        "first" => new FirstDeployment { Live = "v1.0.0", Versions = ["v1.0.0"], Kept = ["v1.0.0"] },
        "upgrade" => new Upgrade { Live = "v2.0.0", Versions = ["v1.0.0", "v2.0.0"], Kept = ["v0.9.0", "v1.0.0", "v2.0.0"] },
        "rollback" => new Rollback { Live = "v1.0.0", Versions = ["v1.0.0", "v2.0.0"], Kept = ["v1.0.0", "v2.0.0"] },
        "withdrawal" => new Withdrawal { Live = "v1.0.0", Versions = ["v1.0.0", "v2.0.0"], Kept = ["v1.0.0"] },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such scenario."),
    };

    private sealed record FirstDeployment : CrashScenario
    {
        public override bool BeginsLive => false;

        public override Task PrepareAsync(SampleApplication application)
        {
            application.Registry.Publish("v1.0.0");
            return Task.CompletedTask;
        }
    }

    private sealed record Upgrade : CrashScenario
    {
        /// <summary>Two releases before it: a live release that is wrongly taken for misbehaving would be withdrawn.</summary>
        public override async Task PrepareAsync(SampleApplication application)
        {
            await application.DeployAsync("v0.9.0");
            await application.DeployAsync("v1.0.0");
            application.Registry.Publish("v2.0.0");
        }
    }

    private sealed record Rollback : CrashScenario
    {
        public override async Task PrepareAsync(SampleApplication application)
        {
            await application.DeployAsync("v1.0.0");
            await application.DeployAsync("v2.0.0");
        }

        public override string Begins => "DeploySkipped";

        public override string Ends => "DeploymentEnded v1.0.0 Succeeded";

        public override async Task ActAsync(SampleApplication application)
        {
            try
            {
                await application.Engine.RollbackAsync(application.Options(), to: null, untilNewer: true, "test", new RecordingEventSink(), CancellationToken.None);
            }
            catch (DewyException exception) when (exception.Code == ErrorCode.AgentNotFound)
            {
                // It was killed before it answered: the next one finds the request.
            }
        }
    }

    /// <summary>A release that dies soon after it went live is withdrawn.</summary>
    private sealed record Withdrawal : CrashScenario
    {
        public override async Task PrepareAsync(SampleApplication application)
        {
            await application.DeployAsync("v1.0.0");
            application.Registry.Publish("v2.0.0", new Behaviour { DiesAfter = TimeSpan.FromSeconds(0.6) });
        }

        public override bool ProgramsLive => false;

        public override string Begins => "StepCompleted prune";

        public override string Ends => "DeploymentEnded v2.0.0 RolledBack";
    }
}
