using System.Text.Json;
using Dewy.Engine.Diagnostics;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Dewy.Engine.Tests.Diagnostics;

public sealed class LogViewTests
{
    private const string At = "2024-01-15T10:30:45Z";

    /// <summary>The lines of the seed document and of the metrics reference: messages and fields that dashboards search for.</summary>
    public static TheoryData<string> KeptLines => new(Kept.Keys);

    private static readonly Dictionary<string, EngineEvent> Kept = new(StringComparer.Ordinal)
    {
        ["""INFO  Dewy started version="v1.0.0" commit="abc1234" mode="server" root="/srv/app" registry="file:///srv/releases/app" """] =
            new AgentStarted("1.0.0", "abc1234", DeploymentMode.Server, "/srv/app", "file:///srv/releases/app"),
        ["""DEBUG Deploy skipped tag="v1.2.3" reason="same release" """] = new DeploySkipped("v1.2.3", "same release"),
        ["""WARN  Artifact not found within grace period message="artifact not found" grace_period=30m0s tag="v1.2.3" """] =
            new GracePeriodHeld("v1.2.3", "artifact not found", TimeSpan.FromMinutes(30)),
        ["""INFO  Extract archive path="/opt/app/releases/20240115T103045Z" """] = new ExtractionStarted("k", "/opt/app/releases/20240115T103045Z"),
        ["""INFO  Create symlink from="/opt/app/releases/20240115T103045Z" to="/opt/app/current" """] =
            new CurrentSwitched("/opt/app/releases/20240115T103045Z", "/opt/app/current"),
        ["""INFO  Execute hook command="npm run build" stdout="Build completed" duration=45.2s"""] = new HookCompleted(SampleEvents.Hook()),
        ["""ERROR Before deploy hook failure error="command failed with exit code 1" exit_code=1 command="npm run build" stdout="Build completed" stderr="" duration=45.2s"""] =
            new HookCompleted(SampleEvents.Hook("command failed with exit code 1", HookKind.BeforeDeploy)),
        ["""ERROR After deploy hook failure error="Migration failed" exit_code=1 command="npm run build" stdout="Build completed" stderr="" duration=45.2s"""] =
            new HookCompleted(SampleEvents.Hook("Migration failed")),
        ["""INFO  Send SIGHUP for server restart pid=12345 requested_by="SIGHUP" """] = new RestartRequested(12345, "SIGHUP", Notify: false),
        ["""INFO  Restart notification message="Server restarted for v1.2.3" reason="deploy" """] = new ServerRestarted("v1.2.3", "deploy"),
        ["""INFO  Rolling back deployment reason="crashed" from_tag="v1.2.3" to_tag="v1.2.2" """] = new RollingBack("v1.2.3", "v1.2.2", "crashed"),
        ["""INFO  Admin API server started address="http://127.0.0.1:17539/" """] = new AdminApiStarted("http://127.0.0.1:17539/"),
        ["""INFO  Shutting down gracefully reason="SIGTERM" """] = new AgentStopping("SIGTERM"),
    };

    [Theory]
    [MemberData(nameof(KeptLines))]
    public void Publish_EventWithKeptMessage_IsLoggedWordForWord(string line) =>
        Assert.Equal([$"{At} {line.TrimEnd()}"], CapturedLog.Of(LogFormat.Text, Kept[line]), StringComparer.Ordinal);

    [Fact]
    public void Publish_Download_IsLoggedAndNotified() =>
        Assert.Equal(
            [
                $"{At} INFO  Cached artifact cache_key=\"v1.2.3--myapp_linux_amd64.tar.gz\" size=1234 digest=\"sha256:{new string('0', 64)}\" verified_by=\"myapp.sha256\"",
                $"{At} INFO  Download notification message=\"Downloaded artifact for v1.2.3\"",
            ],
            CapturedLog.Of(LogFormat.Text, new ArtifactCached(SampleEvents.Artifact())),
            StringComparer.Ordinal);

    [Fact]
    public void Publish_FoundInCache_IsNoDownload() =>
        Assert.Contains("DEBUG Artifact found in cache", Assert.Single(CapturedLog.Of(LogFormat.Text, new ArtifactCached(SampleEvents.Artifact(downloaded: false)))), StringComparison.Ordinal);

    [Fact]
    public void Publish_Json_HasTheKeysOfTheGoProgram() =>
        Assert.Equal(
            """{"time":"2024-01-15T10:30:45.678Z","level":"INFO","msg":"Dewy started","version":"v1.0.0","commit":"abc1234","mode":"server","root":"/srv/app","registry":"file:///srv/releases/app"}""",
            Assert.Single(CapturedLog.Of(LogFormat.Json, Kept.Values.First())));

    [Fact]
    public void Publish_EveryKindOfEvent_HasALine()
    {
        var lines = CapturedLog.Of(LogFormat.Json, SampleEvents.All);

        Assert.DoesNotContain(lines, line => line.Contains("\"msg\":\"Event\"", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        var kinds = typeof(EngineEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(EngineEvent)));
        Assert.Empty(kinds.Except(SampleEvents.All.Select(sample => sample.GetType())).Select(kind => kind.Name));
    }

    [Fact]
    public void Publish_Failure_CarriesWhatAPersonNeeds()
    {
        var line = JsonDocument.Parse(Assert.Single(CapturedLog.Of(LogFormat.Json, new DeploymentEnded(SampleEvents.Ended(DeploymentResult.RolledBack))))).RootElement;

        Assert.Equal("ERROR", line.GetProperty("level").GetString());
        Assert.Equal("It died.", line.GetProperty("error").GetString());
        Assert.Equal("start", line.GetProperty("phase").GetString());
        Assert.Equal("Look.", line.GetProperty("next_step").GetString());
        Assert.Equal("rolled_back", line.GetProperty("result").GetString());
        Assert.Equal("3s", line.GetProperty("duration").GetString());
    }

    [Fact]
    public void Publish_NothingToTell_LeavesTheFieldOut() =>
        Assert.DoesNotContain("exit_code", Assert.Single(CapturedLog.Of(LogFormat.Text, new GenerationExited(1, 2, "v1", new ProcessExit { Signal = 9 }))), StringComparison.Ordinal);

    [Fact]
    public void Publish_SameHoldAgain_IsDetail()
    {
        var held = new ReleaseHeld("v1.2.3", "paused");

        var lines = CapturedLog.Of(LogFormat.Text, held, held, held with { Reason = "outside the window" });

        Assert.Equal(["INFO ", "DEBUG", "INFO "], lines.Select(line => line.Substring(At.Length + 1, 5)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    public void Publish_BelowTheLevel_IsNotLogged(LogLevel level) =>
        Assert.Empty(CapturedLog.Of(new LogOptions { Level = level }, new SecretRedactor(), new AgentStopping("SIGTERM"), new DeploySkipped(null, "same release")));
}
