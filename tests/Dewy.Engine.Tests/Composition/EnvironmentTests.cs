using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

/// <summary>Which environment the engine of a host sees.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private const string Variable = "DEWY_TEST_OF_ENVIRONMENT";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _directory.Dispose();
    }

    /// <summary>In PowerShell one engine lives as long as the process, and people set variables in between.</summary>
    [Fact]
    public void Create_VariableSetLater_IsSeen()
    {
        File.WriteAllText(_directory.Combine("dewy.json"), $$"""{"registry": "file:///srv/releases/app", "root": "/srv/app", "slot": "${env:{{Variable}}}"}""");
        var engine = DewyEngine.Create();

        Assert.Throws<DewyException>(Applications);
        Environment.SetEnvironmentVariable(Variable, "blue");

        Assert.Equal(["blue"], Assert.Single(Applications()).Options.Values("slot"));

        IReadOnlyList<ConfiguredApplication> Applications() => engine.GetApplications(new OptionSet { BaseDirectory = _directory.Path }.Add("config", "dewy.json"), []);
    }
}
