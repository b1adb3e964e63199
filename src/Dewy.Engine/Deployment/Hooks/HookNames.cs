namespace Dewy.Engine.Deployment.Hooks;

/// <summary>What a kind of hook is called in <c>DEWY_HOOK</c>, in messages and as a phase.</summary>
internal static class HookNames
{
    public static string Of(HookKind kind) => kind switch
    {
        HookKind.BeforeDeploy => "before-deploy",
        HookKind.AfterDeploy => "after-deploy",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };
}
