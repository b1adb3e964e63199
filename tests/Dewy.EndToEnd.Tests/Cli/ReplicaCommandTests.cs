using System.Text.Json;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Dewy.Tests.Admin;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class ReplicaCommandTests
{
    private static readonly AgentStatus Running = Filled();

    [Fact]
    public async Task ContainerList_Table_ShowsEachContainer()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("container", "list", "--root", "/srv/shop"));

        var lines = dewy.Output.TrimEnd().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Matches("^ID +NAME +TAG +STATE +ADDRESS +IN FLIGHT +REQUESTS +STARTED", lines[0]);
        Assert.Matches(@"^2f3a9c2d4e5b +shop-1772625600-2 +v1\.4\.0 +unhealthy +127\.0\.0\.1:32770 +0 +18474 ", lines[3]);
        Assert.Empty(dewy.Error);
        Assert.Contains("replicas /srv/shop", dewy.Engine.Calls);
    }

    [Theory]
    [InlineData("-o")]
    [InlineData("--output")]
    public async Task ContainerList_Json_IsForPrograms(string flag)
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running } };

        await dewy.RunAsync("container", "list", flag, "json");

        var containers = JsonDocument.Parse(dewy.Output).RootElement;
        Assert.Equal(5, containers.GetArrayLength());
        Assert.Equal("draining", containers[4].GetProperty("state").GetString());
        Assert.Equal("shop", containers[0].GetProperty("labels").GetProperty("dewy.app").GetString());
    }

    [Fact]
    public async Task ContainerList_NoAgent_SaysSoBesideTheList()
    {
        using var dewy = new DewyRun();

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("container", "list", "--root", "/srv/shop", "-o", "json"));

        Assert.Equal("No agent runs for /srv/shop, and no containers of it are known.", dewy.Error.TrimEnd());
        Assert.Equal("[]", dewy.Output.TrimEnd());
    }

    [Fact]
    public async Task ContainerList_OtherMode_SaysSo()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running with { Mode = DeploymentMode.Assets, Replicas = [] } } };

        await dewy.RunAsync("container", "list", "--root", "/srv/shop");

        Assert.Contains("runs in assets mode", dewy.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("container list -o xml", "--output: 'xml' is not one of table, json.")]
    [InlineData("container lsit", "'lsit'")]
    [InlineData("container list extra", "'extra' is one argument too many.")]
    public async Task ContainerList_Wrong_IsAUsageError(string line, string expected)
    {
        using var dewy = new DewyRun();

        Assert.Equal(ExitCode.Usage, await dewy.RunAsync(line.Split(' ')));

        Assert.Contains(expected, dewy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContainerList_Help_IsItsOwn()
    {
        using var dewy = new DewyRun();

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("container", "list", "--help"));

        Assert.StartsWith("dewy container list: ", dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Replicas_AreShownWithTheProxy()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running } };

        await dewy.RunAsync("status");

        Assert.Contains("0.0.0.0:8000, 2 of 5 backends healthy, 14 in flight, 92310 requests, 41 failed, 64 connections", dewy.Output, StringComparison.Ordinal);
        Assert.Contains("shop-1772625600-2, v1.4.0, unhealthy, 127.0.0.1:32770, 0 in flight, 18474 requests: GET http://127.0.0.1:32770/health answered 503", dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusWatch_WithoutATerminal_ShowsItAgainUntilInterrupted()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running } };

        var watching = dewy.RunAsync("status", "--watch", "--root", "/srv/shop");
        await Eventually.IsTrueAsync(
            () =>
            {
                dewy.Time.Advance(TimeSpan.FromSeconds(2));
                return dewy.Engine.Calls.Count >= 3;
            },
            "the status is asked for again");
        dewy.Send(AgentSignal.Stop);

        Assert.Equal(ExitCode.Ok, await watching);
        Assert.DoesNotContain('\e', dewy.Output);
        Assert.Contains("\nNAME ", dewy.Output, StringComparison.Ordinal);
        Assert.Empty(dewy.Error);
    }

    [Fact]
    public async Task StatusWatch_Json_IsOneLineEach()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Status = Running } };

        var watching = dewy.RunAsync("status", "--watch", "--json");
        await Eventually.IsTrueAsync(
            () =>
            {
                dewy.Time.Advance(TimeSpan.FromSeconds(2));
                return dewy.Engine.Calls.Count >= 3;
            },
            "the status is asked for again");
        dewy.Send(AgentSignal.Stop);
        await watching;

        Assert.All(dewy.Output.TrimEnd().Split('\n'), line => Assert.Equal("shop", JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task StatusWatch_Failure_EndsIt()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Failure = new DewyException(ErrorCode.RootReadOnly, "Not allowed to read it.") } };

        Assert.NotEqual(ExitCode.Ok, await dewy.RunAsync("status", "--watch"));
    }

    private static AgentStatus Filled()
    {
        var agent = new ScriptedOperations();
        Scene.Fill(agent);
        return agent.Status;
    }
}
