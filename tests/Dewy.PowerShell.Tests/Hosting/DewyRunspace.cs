using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Dewy.PowerShell.Session;
using Xunit;

namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>A runspace of its own with the built module in it, and a fake engine unless told otherwise.</summary>
internal sealed class DewyRunspace : IDisposable
{
    public DewyRunspace(IDewyEngine? engine = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([ModuleFiles.Manifest]);
        Runspace = RunspaceFactory.CreateRunspace(state);
        Runspace.Open();
        if (engine is not null)
            ModuleSession.Of(Runspace).Engine = engine;
    }

    public Runspace Runspace { get; }

    /// <summary>A shell on this runspace; the caller disposes of it.</summary>
    public System.Management.Automation.PowerShell Shell(string script)
    {
        var shell = System.Management.Automation.PowerShell.Create(Runspace);
        shell.AddScript(script);
        return shell;
    }

    /// <summary>Runs a script whose errors are failures of the test.</summary>
    public Collection<PSObject> Invoke(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            Runspace.SessionStateProxy.SetVariable(name, value);
        using var shell = Shell(script);
        var output = shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    /// <summary>Runs a script and returns its one error, terminating or not.</summary>
    public ErrorRecord InvokeForError(string script)
    {
        using var shell = Shell(script);
        try
        {
            shell.Invoke();
        }
        catch (RuntimeException exception)
        {
            return exception.ErrorRecord;
        }

        return Assert.Single(shell.Streams.Error);
    }

    public void Dispose() => Runspace.Dispose();
}
