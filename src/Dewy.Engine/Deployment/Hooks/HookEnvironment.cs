using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Deployment.Hooks;

/// <summary>The environment of a hook: the agent's, without its secrets and what was meant for it alone, and the facts of the deployment.</summary>
internal static class HookEnvironment
{
    public static IReadOnlyDictionary<string, string> Create(
        IReadOnlyDictionary<string, string> agent, HookKind kind, HookContext context, IReadOnlyList<string> pass)
    {
        ArgumentNullException.ThrowIfNull(context);
        var environment = SecretVariables.Without(agent, pass);
        SocketEnvironment.RemovePersonal(environment);
        environment["DEWY_HOOK"] = HookNames.Of(kind);
        environment["DEWY_COMMAND"] = context.Command;
        environment["DEWY_TAG"] = context.Tag;
        environment["DEWY_VERSION"] = context.Version;
        environment["DEWY_PREVIOUS_TAG"] = context.PreviousTag ?? "";
        environment["DEWY_RELEASE_DIR"] = context.ReleaseDirectory ?? "";
        environment["DEWY_ARTIFACT"] = context.Artifact ?? "";
        environment["DEWY_DEPLOYMENT_ID"] = context.DeploymentId;
        return environment;
    }
}
