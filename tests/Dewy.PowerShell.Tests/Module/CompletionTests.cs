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
