using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Service;
using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy server</c>, <c>dewy assets</c> and <c>dewy container</c>: runs the agent until it is told to stop.</summary>
internal sealed class AgentCommand : ICommand
{
    private readonly CatalogFlags _flags;

    public AgentCommand(DeploymentMode mode)
    {
        Mode = mode;
        _flags = new CatalogFlags(OptionCatalog.FlagsOf(mode));
        Syntax = new Command(mode.ToString().ToLowerInvariant());
        _flags.AddTo(Syntax);
        Subcommands = mode == DeploymentMode.Container ? [new ContainerListCommand()] : [];
        foreach (var command in Subcommands)
            Syntax.Subcommands.Add(command.Syntax);
        Syntax.SetAction(_ => 0); // never called; without one, a command with others below it could not stand alone
    }

    public IReadOnlyList<ICommand> Subcommands { get; }

    public DeploymentMode Mode { get; }

    public Command Syntax { get; }

    public HelpPage Help => AgentHelp.Of(Mode, _flags.Definitions);

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var options = OptionSources.Complete(ReadFlags(invocation), host.WorkingDirectory, host.Environment);
        var bound = ApplicationOptionsBinder.Bind(options, host.WorkingDirectory, host.Environment);
        var redactor = SecretRedactor.FromEnvironment(host.Environment);
        foreach (var notifier in bound.Notifiers)
            notifier.TeachSecrets(redactor);
        using var log = LogPipeline.Create(bound.Log, redactor, host.Error, host.Colour);
        try
        {
            await RunAgentAsync(options, host, log, redactor);
            return ExitCode.Ok;
        }
        catch (DewyException exception)
        {
            log.Failed(exception);
            return exception.ExitCode;
        }
        catch (Exception exception) // the root of the agent's task: the log is where people look for it
        {
            log.Failed(exception);
            return ExitCode.Failed;
        }
    }

    /// <summary>The option that takes what comes after <c>--</c>; null where nothing may.</summary>
    public string? Rest => Mode switch
    {
        DeploymentMode.Server => "command",
        DeploymentMode.Container => "run-options",
        _ => null,
    };

    private OptionSet ReadFlags(Invocation invocation)
    {
        var options = _flags.Read(invocation.Parsed).Add("mode", Syntax.Name, $"dewy {Syntax.Name}");
        if (Rest is not { } rest)
            return options;
        foreach (var word in invocation.Program ?? [])
            options.Add(rest, word, "--");
        return options;
    }

    private static async Task RunAgentAsync(OptionSet options, CommandHost host, LogPipeline log, SecretRedactor redactor)
    {
        // First of all: what systemd gave to this process must be gone before anything can inherit it.
        using var service = ServiceNotifier.TakeFrom(host.Environment);
        var events = new FanOutEventSink(log.View, new ApplicationOutputView(host.Output, host.Error, redactor), new ServiceView(service));
        var engine = host.CreateEngine();
        await using var agent = engine.CreateAgent(options, events);
        using var stop = new AgentStop(host);
        using var signals = host.WatchSignals(signal =>
        {
            log.SignalReceived(signal.ToString());
            stop.Obey(signal, agent);
        });
        await using var watchdog = ServiceWatchdog.Start(service, () => agent.GetStatus(), host.Time);
        await agent.RunAsync(stop.Token);
    }
}
