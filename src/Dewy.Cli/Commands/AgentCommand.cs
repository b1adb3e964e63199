using System.CommandLine;
using Dewy.Cli.Agents;
using Dewy.Cli.Help;
using Dewy.Engine.Composition;

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

    public Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var given = ReadFlags(invocation);
        RequireOneOfThisMode(given, host);
        return AgentRun.RunAsync(ApplicationOptionsBinder.BindOne(new OptionSet().Add("mode", Syntax.Name, $"dewy {Syntax.Name}").FillFrom(given), host.WorkingDirectory, host.Environment), host);
    }

    public bool TakesRest => Rest is not null;

    /// <summary>The option that takes what comes after <c>--</c>; null where nothing may.</summary>
    private string? Rest => Mode switch
    {
        DeploymentMode.Server => "command",
        DeploymentMode.Container => "run-options",
        _ => null,
    };

    private OptionSet ReadFlags(Invocation invocation)
    {
        var options = _flags.Read(invocation.Parsed);
        if (Rest is not { } rest)
            return options;
        foreach (var word in invocation.Program ?? [])
            options.Add(rest, word, "--");
        return options;
    }

    /// <summary>Of several applications in a file one is meant, and what it is must be what this command runs.</summary>
    private void RequireOneOfThisMode(OptionSet given, CommandHost host)
    {
        if (OptionSources.FindApplications(given, host.WorkingDirectory, host.Environment) is not { } applications)
            return;
        if (applications.Meant is not { } name)
            throw new UsageException($"the configuration file has several applications ({string.Join(", ", applications.Names)}): run all of them with dewy run, or name one in {Syntax.Name} mode with --name.");
        if (applications.Mode is { } mode && mode != Mode)
            throw new UsageException($"{name} is an application in {mode.ToString().ToLowerInvariant()} mode: run it with dewy run --only {name}.");
    }
}
