using System.Management.Automation;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

/// <summary>The four phases as a pipeline, and what goes from one to the next.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;

    public PipelineTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Pipeline_WholeWay_RunsEveryPhaseOnceAndEndsInADeployment()
    {
        var output = _session.Invoke("Get-DewyRelease file:///registry -Root /app | Save-DewyRelease | Expand-DewyRelease | Switch-DewyRelease");

        Assert.IsType<Deployment>(Assert.Single(output).BaseObject);
        Assert.Equal(["save v1.1.0", "expand v1.1.0", "switch v1.1.0"], _engine.Calls, StringComparer.Ordinal);
    }

    [Fact]
    public void Pipeline_RegistryWithSecret_IsRememberedForLaterPhasesThoughTheObjectHidesIt()
    {
        _engine.OnGetReleases = (_, _, _, _) => Task.FromResult<IReadOnlyList<Release>>([Samples.Release(registry: "file:///registry?token=***")]);

        _session.Invoke("Get-DewyRelease 'file:///registry?token=s3cret' -Slot blue -Root /app | Save-DewyRelease -VerifyChecksum Required | Expand-DewyRelease | Switch-DewyRelease -NoReport");

        Assert.All(_engine.Asked, options =>
        {
            Assert.Equal("file:///registry?token=s3cret", Assert.Single(options.Values("registry")));
            Assert.Equal("blue", Assert.Single(options.Values("slot")));
            Assert.Equal(Path.GetFullPath("/app"), Assert.Single(options.Values("root")));
        });
        Assert.Equal("required", Assert.Single(_engine.Asked.Last().Values("verify-checksum")));
        Assert.True(_engine.Asked.Last().Contains("no-report"));
    }

    [Fact]
    public void Save_RootGivenAgain_WinsOverTheOneOfTheReleaseAndHoldsForTheRest()
    {
        _session.Invoke("Get-DewyRelease file:///registry -Root /one | Save-DewyRelease -Root /two | Expand-DewyRelease | Switch-DewyRelease");

        Assert.All(_engine.Asked.Skip(1), options => Assert.Equal("/two", Assert.Single(options.Values("root"))));
    }

    [Fact]
    public void Save_ReleaseFromElsewhere_UsesItsOwnRegistry()
    {
        _session.Invoke("$release | Save-DewyRelease -Root /app", ("release", Samples.Release(registry: "file:///other")));

        Assert.Equal("file:///other", Assert.Single(_engine.Asked.Last().Values("registry")));
    }

    [Fact]
    public void Save_RowsWithRegistryAndTag_BindByPropertyName()
    {
        _engine.OnGetReleases = (_, all, _, _) =>
        {
            Assert.True(all);
            return Task.FromResult<IReadOnlyList<Release>>([Samples.Release("v2"), Samples.Release("v1")]);
        };

        _session.Invoke("[pscustomobject]@{ Registry = 'file:///registry'; Tag = 'v1'; Root = '/app' } | Save-DewyRelease");

        Assert.Equal("save v1", Assert.Single(_engine.Calls));
    }

    [Fact]
    public void Save_TagThatIsNotThere_IsANonTerminatingObjectNotFound()
    {
        var error = _session.InvokeForError("Save-DewyRelease -Registry file:///registry -Tag v9; 'went on'");

        Assert.Equal("ReleaseNotFound,Dewy.PowerShell.Cmdlets.SaveDewyReleaseCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("v9", error.TargetObject);
    }

    [Fact]
    public void Expand_ByTag_TakesTheCachedArtifact()
    {
        _engine.Cache = [Samples.Artifact("v2"), Samples.Artifact("v1")];

        _session.Invoke("Expand-DewyRelease -Tag v1 -Root /app -Shared config/app.json, log/");

        Assert.Equal("expand v1", Assert.Single(_engine.Calls));
        Assert.Equal(["config/app.json", "log/"], _engine.Asked.Last().Values("shared"));
    }

    [Theory]
    [InlineData("Get-DewyRelease file:///registry | Save-DewyRelease -WhatIf")]
    [InlineData("$artifact | Expand-DewyRelease -WhatIf")]
    [InlineData("$expanded | Switch-DewyRelease -WhatIf")]
    [InlineData("Undo-DewyDeploy -WhatIf")]
    [InlineData("Suspend-DewyAgent -WhatIf")]
    [InlineData("Resume-DewyAgent -WhatIf")]
    [InlineData("Send-DewyNotification Hello -WhatIf")]
    [InlineData("Invoke-DewyHook AfterDeploy -WhatIf")]
    public void WhatIf_AnythingThatChanges_AsksTheEngineForNothing(string script)
    {
        Assert.Empty(_session.Invoke(script, ("artifact", Samples.Artifact()), ("expanded", Samples.Expanded())));

        Assert.Empty(_engine.Calls);
    }
}
