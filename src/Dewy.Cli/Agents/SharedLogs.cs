using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Agents;

/// <summary>The logs of several applications: those that log alike have one.</summary>
internal sealed class SharedLogs : IDisposable
{
    private readonly Dictionary<LogOptions, LogPipeline> _pipelines = [];

    public SharedLogs(IEnumerable<BoundApplication> applications, CommandHost host)
    {
        foreach (var options in applications.Select(application => application.Options.Log).Distinct())
            _pipelines.Add(options, LogPipeline.Create(options, host.Redactor, host.Error, host.Colour));
    }

    /// <summary>The view of an application's events, each line with its name.</summary>
    public LogView ViewOf(BoundApplication application) => _pipelines[application.Options.Log].ViewOf(application.Options.Name);

    public void SignalReceived(string signal)
    {
        foreach (var pipeline in _pipelines.Values)
            pipeline.SignalReceived(signal);
    }

    public void Dispose()
    {
        foreach (var pipeline in _pipelines.Values)
            pipeline.Dispose();
    }
}
