using System.Management.Automation;
using Dewy.PowerShell.Session;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Module;

public sealed class ImportTests
{
    [Fact]
    public void Import_ByForce_KeepsItsCmdletsAndTheirJobs()
    {
        var engine = new FakeEngine();
        using var session = new DewyRunspace(engine);
        var before = session.Invoke("(Get-Command -Module Dewy).Count").Single();

        session.Invoke("Import-Module $manifest -Force", ("manifest", ModuleFiles.Manifest));

        Assert.Equal(before.BaseObject, session.Invoke("(Get-Command -Module Dewy).Count").Single().BaseObject);
        session.Invoke("Start-DewyAgent file:///registry -Root /root");
        Assert.Single(session.Invoke("Get-Job"));
    }

    [Fact]
    public void Import_TypeNames_AreKnownBeforeAnyCall()
    {
        using var session = new DewyRunspace();

        Assert.Equal("Dewy.Release", session.Invoke("[Dewy.Release].FullName").Single().BaseObject);
    }

    [Fact]
    public void Import_Exports_AreTheCmdletsAndNothingElse()
    {
        using var session = new DewyRunspace();
        var module = (PSModuleInfo)session.Invoke("Get-Module Dewy").Single().BaseObject;
        var classes = typeof(Dewy.PowerShell.Commands.DewyCommand).Assembly.GetExportedTypes()
            .Select(type => (CmdletAttribute?)Attribute.GetCustomAttribute(type, typeof(CmdletAttribute)))
            .OfType<CmdletAttribute>()
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}");

        Assert.Equal(classes.Order(StringComparer.Ordinal), module.ExportedCmdlets.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty(module.ExportedFunctions);
        Assert.Empty(module.ExportedAliases);
        Assert.Empty(module.ExportedVariables);
    }

    [Fact]
    public async Task Runspaces_ThreeAtOnce_ShareNothing()
    {
        var roots = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => Task.Run(() =>
        {
            var engine = new FakeEngine();
            using var session = new DewyRunspace(engine);
            for (var turn = 0; turn < 20; turn++)
                session.Invoke($"Invoke-DewyDeploy file:///registry -Root /app{number}");
            session.Invoke($"Start-DewyAgent file:///registry -Root /app{number}");
            Assert.Single(ModuleSession.Of(session.Runspace).Agents);
            Assert.Single(session.Invoke("Get-Job"));
            return engine.Asked.SelectMany(options => options.Values("root")).Distinct(StringComparer.Ordinal).Single();
        }, TestContext.Current.CancellationToken)));

        Assert.Equal(["/app0", "/app1", "/app2"], roots);
    }
}
