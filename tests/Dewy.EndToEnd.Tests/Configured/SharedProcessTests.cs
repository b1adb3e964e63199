using System.Text.Json.Nodes;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Configured;

/// <summary>Several applications in one process, from the outside.</summary>
public sealed class SharedProcessTests : IAsyncDisposable
{
    private readonly SharedProcess _both = new();

    public ValueTask DisposeAsync() => _both.DisposeAsync();

    [Fact]
    public async Task Run_ServerAndFiles_BothAreKeptAtTheirNewestAndStoppedTogether()
    {
        Component.Linux();
        _both.Set("web", "environment", new JsonObject { ["GREETING"] = "hello" });
        var agent = _both.Start();
        await _both.DeployedAsync(agent, "v1.0.0", "v5.0.0");
        Assert.EndsWith(" hello", await new HttpClient().GetStringAsync(new Uri($"http://127.0.0.1:{_both.Web.Port}/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        _both.Web.Registry.Publish("v1.1.0");
        _both.Site.Registry.Publish("v5.1.0");
        agent.Signal("HUP");
        await _both.DeployedAsync(agent, "v1.1.0", "v5.1.0");

        agent.Signal("TERM");
        Assert.Equal(0, await agent.ExitedAsync());
        Assert.Empty(ProgramProcesses.Of(_both.Web.Root));
        Assert.Single(SharedProcess.Lines(agent, "Dewy stopped", "web"));
        Assert.Single(SharedProcess.Lines(agent, "Dewy stopped", "site"));
    }

    [Fact]
    public async Task Run_KilledAndStartedAgain_TakesBothOver()
    {
        Component.Linux();
        var first = _both.Start();
        await _both.DeployedAsync(first, "v1.0.0", "v5.0.0");
        await Eventually.IsTrueAsync(() => _both.Web.History.Count == 1 && _both.Site.History.Count == 1, "both deployments are over");
        var program = Assert.Single(ProgramProcesses.Of(_both.Web.Root));

        first.Kill();
        await first.ExitedAsync();
        var second = _both.Start();
        await Eventually.IsTrueAsync(() => SharedProcess.Lines(second, "Generation adopted", "web").Any() || second.HasExited, "the next agent takes it over");
        Assert.True(ProgramProcesses.IsRunning(program));
        _both.Web.Registry.Publish("v1.1.0");
        await _both.DeployedAsync(second, "v1.1.0", "v5.0.0");

        await Eventually.IsTrueAsync(() => _both.Web.History.Count == 2, "the second deployment is over");
        Assert.False(ProgramProcesses.IsRunning(program));
        Assert.Single(_both.Site.History);
    }

    [Fact]
    public async Task Run_RootOfOneIsHeld_GoesOnWithTheOtherAndTakesItWhenItIsFree()
    {
        Component.Linux();
        var holder = _both.Site.StartCommand("assets", "--registry", _both.Site.Registry.Url, "--root", _both.Site.Root, "--interval", "1h");
        await Eventually.IsTrueAsync(() => _both.Site.State.Current is not null, "the other agent holds the root");

        var agent = _both.Start();
        await _both.DeployedAsync(agent, "v1.0.0", "v5.0.0");
        await agent.SaidAsync("RootLocked");
        _both.Site.Registry.Publish("v5.1.0");
        holder.Signal("TERM");
        await holder.ExitedAsync();

        await _both.DeployedAsync(agent, "v1.0.0", "v5.1.0");
        Assert.Contains(SharedProcess.Lines(agent, "Dewy failed", "site"), line => line.GetProperty("code").GetString() is "RootLocked" && line.TryGetProperty("next_in", out _));
    }

    [Fact]
    public async Task Run_SecretsByReference_ReachTheApplicationAndNobodyElse()
    {
        Component.Linux();
        var (token, notifier) = ($"{Canary.Mark}token", $"{Canary.Mark}path");
        File.WriteAllText(_both.Web.Combine("token"), token + "\n");
        _both.Set("web", "environment", new JsonObject { ["GH_TOKEN"] = "${file:token}", ["APP_KEY"] = "${env:OPS_KEY}" });
        _both.Set("web", "pass-env", "GH_TOKEN");
        _both.Set("site", "notifier", $"webhook://127.0.0.1:9/{{notifier}}".Replace("{notifier}", "${env:OPS_HOOK}", StringComparison.Ordinal));
        _both.Set("web", "after-deploy-hook", $"echo $GH_TOKEN $APP_KEY > {_both.Web.Combine("seen-web")}; env; exit 3");
        _both.Set("site", "after-deploy-hook", $"env > {_both.Web.Combine("seen-site")}; echo ${{env:OPS_HOOK}}");
        _both.Set(null, "log-level", "debug");

        var agent = _both.Start(new Dictionary<string, string>(StringComparer.Ordinal) { ["OPS_KEY"] = $"{Canary.Mark}key", ["OPS_HOOK"] = notifier });
        await _both.DeployedAsync(agent, "v1.0.0", "v5.0.0");
        await Eventually.IsTrueAsync(() => _both.Site.History.Count > 0 && _both.Web.History.Count > 0 && HasRun("seen-web") && HasRun("seen-site"), "the hooks have run");
        agent.Signal("TERM");
        await agent.ExitedAsync();

        Assert.Equal($"{token} {Canary.Mark}key\n", await File.ReadAllTextAsync(_both.Web.Combine("seen-web"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("GH_TOKEN", await File.ReadAllTextAsync(_both.Web.Combine("seen-site"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("***", agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary.Mark, agent.Output, StringComparison.Ordinal);
        foreach (var root in new[] { _both.Web.Root, _both.Site.Root })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, ".dewy"), "*.json*"))
                Assert.DoesNotContain(Canary.Mark, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        bool HasRun(string seen) => File.Exists(_both.Web.Combine(seen)) && new FileInfo(_both.Web.Combine(seen)).Length > 0;
    }

    [Fact]
    public async Task Run_OneCrashes_TheOtherIsNotTouched()
    {
        Component.Linux();
        var agent = _both.Start();
        await _both.DeployedAsync(agent, "v1.0.0", "v5.0.0");

        _both.Web.Registry.Publish("v1.1.0", Behaviour.Good with { ExitsAtOnce = true });
        _both.Site.Registry.Publish("v5.1.0");
        await _both.DeployedAsync(agent, "v1.0.0", "v5.1.0");
        await Eventually.IsTrueAsync(
            () => SharedProcess.Lines(agent, "Deployment failed", "web").Any(line => line.ToString().Contains("v1.1.0", StringComparison.Ordinal)),
            "the bad release was tried");

        Assert.Empty(SharedProcess.Lines(agent, "Deployment failed", "site"));
    }
}
