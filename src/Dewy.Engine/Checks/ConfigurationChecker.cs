using System.Collections.Concurrent;
using Dewy.Engine.Composition;

namespace Dewy.Engine.Checks;

/// <summary>
/// Looks at everything that agents would depend on, side by side, each look within a limit of its own. A look that fails is a
/// finding; nothing is changed.
/// </summary>
internal sealed class ConfigurationChecker(EngineServices services)
{
    /// <summary>Longest a look may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private const string OptionsName = "options";
    private const int SimultaneousLooks = 16;

    public async Task<IReadOnlyList<ConfigurationCheck>> RunAsync(OptionSet options, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var (applications, wrong) = Bind(options, names);
        var grounds = applications.Select(application => new CheckGround(services, application)).ToList();
        try
        {
            var checks = grounds.SelectMany(ground => Of(ground), (ground, check) => (ground, check)).ToList();
            var results = new ConcurrentDictionary<int, ConfigurationCheck>();
            var limits = new ParallelOptions { MaxDegreeOfParallelism = SimultaneousLooks, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(checks.Select((look, index) => (look, index)), limits, async (item, token) =>
                results[item.index] = await LookAsync(item.look.ground, item.look.check, token));
            return [.. wrong, .. Enumerable.Range(0, checks.Count).Select(index => results[index])];
        }
        finally
        {
            foreach (var ground in grounds)
                await ground.DisposeAsync();
        }
    }

    private static IEnumerable<Check> Of(CheckGround ground) =>
    [
        new Check(OptionsName, null, () => Describe(ground.Options)),
        .. RootChecks.Of(ground),
        .. RegistryChecks.Of(ground),
        .. ProgramChecks.Of(ground),
        .. ContainerChecks.Of(ground),
        .. ListeningChecks.Of(ground),
        .. NotifierChecks.Of(ground),
    ];

    private static CheckFinding Describe(ApplicationOptions options)
    {
        var what = $"They make sense: {options.Name} in {ModeInference.NameOf(options.Mode)} mode.";
        if (options.PassedOver.Count == 0)
            return CheckFinding.Passed(what);
        what = $"{what} Of no use here and passed over: {string.Join(", ", options.PassedOver)}.";

        // What a file says of all applications is of no use to some; a variable is more often a mistake.
        return options.PassedOver.Any(origin => origin.StartsWith("DEWY_", StringComparison.Ordinal))
            ? CheckFinding.Warning(what, "Take the variables out where they are meant for nothing else.")
            : CheckFinding.Passed(what);
    }

    /// <summary>The applications whose options make sense, and what is wrong with the others': one that is broken keeps none from being looked at.</summary>
    private (IReadOnlyList<BoundApplication> Applications, IReadOnlyList<ConfigurationCheck> Wrong) Bind(OptionSet options, IReadOnlyList<string> names)
    {
        try
        {
            return (services.BindEach(options, names), []);
        }
        catch (DewyException exception)
        {
            return (BindOneByOne(options, names), [Wrong(exception)]);
        }
    }

    private List<BoundApplication> BindOneByOne(OptionSet options, IReadOnlyList<string> names)
    {
        var bound = new List<BoundApplication>();
        foreach (var name in TryFindNames(options).Where(name => names.Count == 0 || names.Contains(name, StringComparer.Ordinal)))
        {
            try
            {
                bound.AddRange(services.BindEach(options, [name]));
            }
            catch (DewyException)
            {
                // Said already, with all the rest.
            }
        }

        return bound;
    }

    private IReadOnlyList<string> TryFindNames(OptionSet options)
    {
        try
        {
            return services.ApplicationNames(options);
        }
        catch (DewyException)
        {
            return [];
        }
    }

    private static ConfigurationCheck Wrong(DewyException exception) => new()
    {
        Name = OptionsName,
        Target = exception.Target,
        Result = CheckResult.Failed,
        Code = exception.Code,
        Message = exception.Message,
        NextStep = exception.NextStep,
    };

    private async Task<ConfigurationCheck> LookAsync(CheckGround ground, Check check, CancellationToken cancellationToken)
    {
        var began = services.Time.GetTimestamp();
        var finding = await FindAsync(check, cancellationToken);
        return new ConfigurationCheck
        {
            Application = ground.Options.Name,
            Name = check.Name,
            Target = Clean(check.Target),
            Result = finding.Result,
            Code = finding.Code,
            Message = Clean(finding.Message) ?? "",
            NextStep = Clean(finding.NextStep),
            Duration = services.Time.GetElapsedTime(began),
        };

        string? Clean(string? text) => text is null ? null : ground.Redactor.Redact(text);
    }

    /// <summary>Looks, and for no longer than <see cref="Limit"/>.</summary>
    internal async Task<CheckFinding> FindAsync(Check check, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(Limit, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            // Not every look can be called off: a disk that hangs must not keep the answer.
            return await check.LookAsync(either.Token).WaitAsync(either.Token);
        }
        catch (DewyException exception)
        {
            return CheckFinding.Failed(exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // the root of this look's task
        {
            return over.IsCancellationRequested || exception is OperationCanceledException
                ? CheckFinding.Failed(CodeOfDelay(check), $"There was no answer within {Limit.TotalSeconds:0} s.", "Look whether it is reachable from this host, and how loaded it is.")
                : CheckFinding.Failed(ErrorCode.Unexpected, $"It could not be looked at: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static ErrorCode CodeOfDelay(Check check) => check.Name is "registry" or "release" ? ErrorCode.RegistryTimeout : ErrorCode.Timeout;
}
