using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.EndToEnd.Tests.Secrets;

/// <summary>A real agent with secrets everywhere, hooks and a program that show all they can see, and a registry that gives them away.</summary>
public sealed class AgentSecrecyTests : IAsyncDisposable
{
    /// <summary>Shows its environment, and the agent's, which a process of the same user may read.</summary>
    private const string Prying = "cat /proc/$$/environ > \"$HOME/environ-$DEWY_HOOK\"; cat /proc/$$/cmdline > \"$HOME/cmdline-$DEWY_HOOK\"; env; tr '\\000' '\\n' < /proc/$PPID/environ";

    private const string ShowsItsEnvironment = """
        print STDERR "$_=$ENV{$_}\n" for sort keys %ENV;

        """;

    private const string ShowsTheAgentsEnvironment = """
        my $parent = getppid; open(my $environ, '<', "/proc/$parent/environ") or die "no environment of $parent: $!"; { local $/ = "\0"; chomp, print STDERR "$_\n" while <$environ>; } exit 3;
        """;

    private readonly SampleApplication _application = new();
    private readonly Canaries _canaries = new();
    private readonly GitHubServer _github;

    public AgentSecrecyTests() => _github = new GitHubServer { App = _canaries.App };

    [Theory]
    [InlineData("text", null)]
    [InlineData("json", "SLACK_TOKEN")]
    public async Task Server_SecretsEverywhere_AreSeenNowhere(string format, string? passed)
    {
        Component.Linux();
        string[] allowed = passed is null ? [] : [passed];
        var logFile = _application.Combine("dewy.log");
        await OpenAsync();
        Publish("v1.0.0", ShowsItsEnvironment + Behaviour.Good.Program);

        var agent = _application.StartCommand(_canaries.Environment,
        [
            "server", "--registry", $"ghr://{_github.Owner}/{_github.Repository}?artifact={ReleaseFolder.ArtifactName}", "--root", _application.Root,
            "--port", $"127.0.0.1:{_application.Port}", "--interval", "1s", "--start-wait", "2s",
            "--log-level", "debug", "--log-format", format, "--log-file", logFile,
            "--before-deploy-hook", Prying, "--after-deploy-hook", $"{Prying}; exit 3",
            .. passed is null ? (string[])[] : ["--pass-env", passed],
            "--", "perl", "./current/app.pl",
        ]);
        await HistoryAsync(agent, 1);

        // The program and the hooks have what was passed on to them, and no more.
        var program = Assert.Single(ProgramProcesses.Of(_application.Root));
        Assert.Empty(_canaries.In(Canaries.Read($"/proc/{program}/cmdline")));
        foreach (var environ in new[] { $"/proc/{program}/environ", Seen("environ-before-deploy"), Seen("environ-after-deploy") }.Select(Canaries.Read))
        {
            Assert.Empty(_canaries.InEnvironment(environ, allowed));
            Assert.All(allowed, name => Assert.Contains($"\0{name}={_canaries[name]}\0", "\0" + environ, StringComparison.Ordinal));
        }

        Assert.Empty(_canaries.In(Canaries.Read(Seen("cmdline-before-deploy")) + Canaries.Read(Seen("cmdline-after-deploy"))));
        Assert.Empty(_canaries.InFiles(_application.Root, path => path.Contains("/.dewy/log/", StringComparison.Ordinal), ["proxy", .. allowed]));
        Assert.Empty(_canaries.In(Canaries.Read(_application.Observed.Layout.ProcessesFile)));

        // The registry quotes what it was asked with; then a program shows what the agent knows, and dies.
        _github.Add(new Fault.Echo());
        await agent.SaidAsync("Cycle failed");
        _github.Heal();
        Publish("v1.1.0", ShowsTheAgentsEnvironment);
        await HistoryAsync(agent, 2);
        agent.Signal("TERM");
        Assert.Equal(0, await agent.ExitedAsync());

        foreach (var token in _canaries.App.Issued)
            _canaries.Secret($"installation token {token[^4..]}", token);
        Assert.NotEmpty(_canaries.App.Issued);
        Assert.Contains("***", agent.Output, StringComparison.Ordinal);
        Assert.Empty(_canaries.In(agent.Output));
        Assert.Empty(_canaries.In(Canaries.Read(logFile)));
        Assert.Empty(_canaries.InFiles(_application.Root, path => !path.Contains("/.dewy/log/", StringComparison.Ordinal)));
        Assert.Contains(_application.History, deployment => deployment.Error?.Message.Contains("***", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Assets_SecretsEverywhere_AreSeenNowhere()
    {
        Component.Linux();
        await using var application = new SampleApplication(DeploymentMode.Assets);
        application.Registry.Publish("v1.0.0");
        _canaries.Set("GITHUB_APP_PRIVATE_KEY", _canaries.App.Pkcs8PrivateKey.Replace("\n", "\\n", StringComparison.Ordinal));
        _canaries.Secret("key", _canaries.App.Pkcs8PrivateKey);

        var agent = application.StartCommand(_canaries.Environment,
            "assets", "--registry", application.Registry.Url, "--root", application.Root, "--log-level", "debug", "--log-format", "json", "--log-file", application.Combine("dewy.log"),
            "--before-deploy-hook", $"{Prying}; exit 3", "--after-deploy-hook", Prying);
        await Eventually.IsTrueAsync(() => application.History.Count > 0 || agent.HasExited, "the release is deployed");
        agent.Signal("TERM");
        Assert.Equal(0, await agent.ExitedAsync());

        Assert.Empty(_canaries.InEnvironment(Canaries.Read(Seen("environ-before-deploy"))));
        Assert.Empty(_canaries.In(agent.Output));
        Assert.Empty(_canaries.InFiles(application.Combine("."), _ => true));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _github.DisposeAsync();
        _canaries.Dispose();
    }

    private async Task OpenAsync()
    {
        await _github.OpenAsync();
        _canaries.Set("GITHUB_API_URL", _github.ApiUrl);
        _canaries.Set("GITHUB_APP_ID", _canaries.App.Id);
        _canaries.Set("GITHUB_APP_INSTALLATION_ID", _canaries.App.InstallationId);
    }

    private void Publish(string tag, string program) => _github.Publish(
        tag, TimeProvider.System.GetUtcNow().AddMinutes(-1), (ReleaseFolder.ArtifactName, ReleaseFolder.Pack(("a-version.txt", tag), ("app.pl", program), ("z-version.txt", tag))));

    private string Seen(string name) => Path.Combine(_canaries.Home, name);

    private Task HistoryAsync(AgentProcess agent, int count) => Eventually.IsTrueAsync(
        () => agent.HasExited ? throw new InvalidOperationException(agent.Output) : _application.History.Count >= count, $"{count} deployments have ended", TimeSpan.FromSeconds(60));
}
