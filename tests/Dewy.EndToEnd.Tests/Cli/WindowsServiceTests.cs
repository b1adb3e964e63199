using Dewy.Cli;
using Dewy.Cli.Service.Windows;
using Dewy.Engine.Processes;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

/// <summary>What a Windows service does, but for Windows' own part in it.</summary>
public sealed class WindowsServiceTests
{
    private readonly TaskCompletionSource<ExitCode> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhileTheAgentRuns_EndsItInGoodOrder()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new FakeEngine
        {
            AgentBody = async (_, stop) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            },
        };
        var run = Start(engine, "assets", "--registry", "file:///registry");
        await begun.Task.WaitAsync(Cancel);

        run.Send(AgentSignal.Redeploy);
        run.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await _ended.Task.WaitAsync(Cancel));
        Assert.Equal([("SIGHUP", false)], engine.Agent?.Restarts ?? []);
    }

    [Fact]
    public async Task Stop_BeforeTheAgentListens_IsNotForgotten()
    {
        var run = new ServiceRun(["assets", "--registry", "file:///registry"], Host(new FakeEngine()), _ended.SetResult);

        run.Send(AgentSignal.Stop);
        run.Start();

        Assert.Equal(ExitCode.Ok, await _ended.Task.WaitAsync(Cancel));
    }

    [Fact]
    public async Task Start_WrongCommandLine_TellsHowItEnded()
    {
        Start(new FakeEngine(), "server", "--no-such-flag");

        Assert.Equal(ExitCode.Usage, await _ended.Task.WaitAsync(Cancel));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z INFO  Dewy started", null)]
    [InlineData("""{"time":"2026-01-02T03:04:05Z","level":"DEBUG","msg":"Deploy skipped"}""", null)]
    [InlineData("2026-01-02T03:04:05Z WARN  Attention needed", false)]
    [InlineData("""{"time":"2026-01-02T03:04:05Z","level":"ERROR","msg":"Dewy failed"}""", true)]
    [InlineData("dewy server: there is no flag --no-such-flag.", true)]
    [InlineData(" \r", null)]
    public void EventLog_Line_TakesWarningsErrorsAndWhatIsNoLogLine(string line, bool? isError) =>
        Assert.Equal(isError, EventLogEntry.Of(line)?.IsError);

    [Fact]
    public void EventLog_LongLine_IsCut() =>
        Assert.Equal(EventLogEntry.LongestText, EventLogEntry.Of(new string('x', 100_000))?.Text.Length);

    private static CommandHost Host(FakeEngine engine) => new()
    {
        CreateEngine = () => engine,
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        WorkingDirectory = Path.GetTempPath(),
    };

    private ServiceRun Start(FakeEngine engine, params string[] arguments)
    {
        var run = new ServiceRun(arguments, Host(engine), _ended.SetResult);
        run.Start();
        return run;
    }
}
