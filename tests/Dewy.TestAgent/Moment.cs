namespace Dewy.TestAgent;

/// <summary>Names moments of an agent's life, the same in each run: <c>StepStarted fetch</c>, <c>GenerationReady v2.0.0</c>; the sink numbers those that come again.</summary>
internal static class Moment
{
    public static string Of(EngineEvent engineEvent)
    {
        var detail = engineEvent switch
        {
            StepStarted step => step.Step.Name,
            StepCompleted step => step.Step.Name,
            GenerationStarted generation => generation.Tag,
            GenerationReady generation => generation.Tag,
            GenerationAdopted generation => generation.Tag,
            GenerationStopping generation => $"{generation.Generation} {generation.Signal}",
            GenerationExited generation => generation.Tag,
            ReplicaStarting replica => replica.Tag,
            ReplicaStarted replica => replica.Tag,
            ReplicaChecking replica => replica.Tag,
            ReplicaHealthy replica => replica.Tag,
            ReplicaAdopted replica => replica.Tag,
            ReplicaStopping replica => replica.Tag,
            ReplicaStopped replica => replica.Tag,
            ReplicaExited replica => replica.Tag,
            ReplicasReplaced replicas => replicas.Tag,
            BackendAdded backend => backend.Tag,
            BackendDraining backend => backend.Tag,
            BackendRemoved backend => backend.Tag,
            ImagePullStarted image => image.Tag,
            ImagePulled image => image.Tag,
            DeploymentStarted deployment => deployment.Tag,
            DeploymentEnded deployment => $"{deployment.Deployment.Tag} {deployment.Deployment.Result}",
            _ => null,
        };
        return detail is null ? engineEvent.GetType().Name : $"{engineEvent.GetType().Name} {detail}";
    }
}
