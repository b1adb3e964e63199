using System.Collections;
using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;

namespace Dewy.Cli;

/// <summary>What a command reaches outside itself: given, so that tests give their own.</summary>
internal sealed record CommandHost
{
    /// <summary>What says which characters a terminal has, the strongest first.</summary>
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    private SecretRedactor? _redactor;

    /// <summary>Makes the engine. Called when a command needs it, and only then: help must be fast.</summary>
    public required Func<IDewyEngine> CreateEngine { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Knows what nobody may see of the environment, and learns it of options.</summary>
    public SecretRedactor Redactor => _redactor ??= SecretRedactor.FromEnvironment(Environment);

    /// <summary>Absolute path that relative ones are meant from.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Whether standard error is a terminal that shows colours.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether standard output is a terminal that shows more than ASCII.</summary>
    public bool Symbols { get; init; }

    /// <summary>Whether standard output is a terminal whose screen can be redrawn.</summary>
    public bool Redraws { get; init; }

    /// <summary>Who is at the keyboard, for the history.</summary>
    public string User { get; init; } = System.Environment.UserName;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Calls back for every signal that comes until the result is disposed.</summary>
    public Func<Action<AgentSignal>, IDisposable> WatchSignals { get; init; } = notify => new SignalListener(notify);

    /// <summary>Ends the process at once, for a person who asks twice.</summary>
    public Action<ExitCode> Abort { get; init; } = code => System.Environment.Exit((int)code);

    /// <summary>Console, environment and signals of the running process.</summary>
    public static CommandHost OfThisProcess()
    {
        var environment = System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        return new CommandHost
        {
            CreateEngine = DewyEngine.Create,
            Output = Console.Out,
            Error = Console.Error,
            Environment = environment,
            WorkingDirectory = System.Environment.CurrentDirectory,
            Colour = ShowsColour(environment),
            Symbols = !Console.IsOutputRedirected && ShowsSymbols(environment),
            Redraws = !Console.IsOutputRedirected && environment.GetValueOrDefault("TERM") is not "dumb",
        };
    }

    /// <summary>Colour only for a person, and not for one who declined it (no-color.org).</summary>
    private static bool ShowsColour(Dictionary<string, string> environment) =>
        !Console.IsErrorRedirected
        && string.IsNullOrEmpty(environment.GetValueOrDefault("NO_COLOR"))
        && environment.GetValueOrDefault("TERM") is not "dumb";

    /// <summary>What the terminal understands its locale says (setlocale(3)); on Windows the console itself.</summary>
    private static bool ShowsSymbols(Dictionary<string, string> environment)
    {
        if (OperatingSystem.IsWindows())
            return Console.OutputEncoding.CodePage == 65001; // UTF-8
        var locale = LocaleVariables.Select(environment.GetValueOrDefault).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }
}
