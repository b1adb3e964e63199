using System.Management.Automation;

namespace Dewy.PowerShell.Session;

/// <summary>Ends the agents and proxies of a session with the module, and all of them with the process.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int _watchesProcess;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _watchesProcess, 1) == 0)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => ModuleSession.StopEverywhere();
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleSession.Current().StopAll();
}
