using System.Management.Automation;
using System.Text.RegularExpressions;
using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Module;

public sealed class CompletionTests : IDisposable
{
    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;

    public CompletionTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Registry_Nothing_OffersSchemes() => Assert.Contains("file:///", Complete("Get-DewyRelease -Registry "), StringComparer.Ordinal);

    [Fact]
    public void Registry_EverySchemeOfTheEngine_IsOffered()
    {
        using var real = new DewyRunspace();
        var error = real.InvokeForError("Get-DewyRelease -Registry nonsense://x").Exception.Message;
        var schemes = Regex.Matches(error[error.IndexOf("there is no", StringComparison.Ordinal)..], "[a-z]+://", RegexOptions.NonBacktracking).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(schemes);
        Assert.All(schemes, scheme => Assert.Contains(Complete("Get-DewyRelease -Registry "), word => word.StartsWith(scheme, StringComparison.Ordinal)));
    }

    [Fact]
    public void Tag_CachedReleases_AreOfferedNewestFirst()
    {
        _engine.Cache = [Samples.Artifact("v2.0.0"), Samples.Artifact("v1.0.0"), Samples.Artifact("w1")];

        Assert.Equal(["v2.0.0", "v1.0.0"], Complete("Expand-DewyRelease -Tag v"), StringComparer.Ordinal);
    }

    [Fact]
    public void Tag_StrangeCharacters_AreQuoted()
    {
        _engine.Cache = [Samples.Artifact("v2.0.0+it's")];

        Assert.Equal(["'v2.0.0+it''s'"], Complete("Expand-DewyRelease -Tag "), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Save-DewyRelease -Registry file:///registry -Tag ")]
    [InlineData("Invoke-DewyDeploy -Registry file:///registry -Tag ")]
    public void Tag_OfARegistry_IsAskedFor(string line)
    {
        _engine.OnGetReleases = (_, _, _, _) => Task.FromResult<IReadOnlyList<Release>>([Samples.Release("v2.0.0"), Samples.Release("v1.0.0")]);

        Assert.Equal(["v2.0.0", "v1.0.0"], Complete(line), StringComparer.Ordinal);
        Assert.Equal(["file:///registry"], Assert.Single(_engine.Asked).Values("registry"));
    }

    [Fact]
    public void Tag_RegistryBelowTheLocation_IsMeantFromThere()
    {
        using var here = new TemporaryDirectory();

        _session.Runspace.SessionStateProxy.Path.SetLocation(here.Path);

        Assert.NotEmpty(Complete("Save-DewyRelease -Registry file://./registry -Tag "));
        Assert.Equal([$"file://{here.Path}/./registry"], Assert.Single(_engine.Asked).Values("registry"));
    }

    [Fact]
    public void Tag_RegistryIsDown_OffersWhatIsCached()
    {
        _engine.OnGetReleases = (_, _, _, _) => throw new DewyException(ErrorCode.RegistryUnavailable, "It is down.");
        _engine.Cache = [Samples.Artifact("v1.0.0")];

        Assert.Equal(["v1.0.0"], Complete("Invoke-DewyDeploy -Registry file:///registry -Tag "), StringComparer.Ordinal);
    }

    [Fact]
    public void Tag_OfTheHistory_IsOfferedOnce()
    {
        _engine.History = [Samples.Deployment("v2", id: "c"), Samples.Deployment("v1", id: "b"), Samples.Deployment("v2", id: "a")];

        Assert.Equal(["v2", "v1"], Complete("Get-DewyDeployment -Tag "), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Get-DewyAgent -Name m")]
    [InlineData("Get-DewyAgent m")]
    [InlineData("Stop-DewyAgent -Name ")]
    public void Name_AgentsOfTheSession_AreOfferedWhileTheyRun(string line)
    {
        var names = new Queue<string>(["myapp", "gone"]);
        _engine.OnCreateAgent = (_, events) => new FakeAgent(events, names.Dequeue());
        _session.Invoke("""
            $null = Start-DewyAgent -Registry file:///registry -Root /one
            Start-DewyAgent -Registry file:///registry -Root /two | Stop-Job
            """);

        Assert.Equal(["myapp"], Complete(line), StringComparer.Ordinal);
    }

    [Fact]
    public void Name_ReplicasOfTheRoot_AreOffered()
    {
        _engine.Status = Samples.Status("/app") with { Replicas = [Samples.Replica(0), Samples.Replica(1)] };

        Assert.Equal(["myapp-1893585600-0", "myapp-1893585600-1"], Complete("Get-DewyReplica -Root /app -Name "), StringComparer.Ordinal);
    }

    [Fact]
    public void Id_Deployments_AreOffered()
    {
        _engine.History = [Samples.Deployment(id: "b"), Samples.Deployment(id: "a")];

        Assert.Equal(["b", "a"], Complete("Get-DewyDeployment -Id "), StringComparer.Ordinal);
    }

    [Fact]
    public void To_KeptReleases_AreOfferedByTagAndDirectory()
    {
        using var root = new TemporaryDirectory();
        var kept = Directory.CreateDirectory(root.Combine("20300102T120000Z")).FullName;
        _engine.History =
        [
            Samples.Deployment("v2") with { ReleaseDirectory = kept },
            Samples.Deployment("v1") with { ReleaseDirectory = root.Combine("gone") },
        ];

        Assert.Equal(["v2", "20300102T120000Z"], Complete("Undo-DewyDeploy -To "), StringComparer.Ordinal);
    }

    [Fact]
    public void Engine_Fails_OffersNothing()
    {
        _engine.History = null!; // an engine in trouble

        Assert.Empty(Complete("Get-DewyDeployment -Id "));
    }

    private IEnumerable<string> Complete(string line)
    {
        using var shell = System.Management.Automation.PowerShell.Create(_session.Runspace);
        return CommandCompletion.CompleteInput(line, line.Length, options: null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)
            .Select(match => match.CompletionText);
    }
}
