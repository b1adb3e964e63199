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
            DeploymentStarted deployment => deployment.Tag,
            DeploymentEnded deployment => $"{deployment.Deployment.Tag} {deployment.Deployment.Result}",
            _ => null,
        };
        return detail is null ? engineEvent.GetType().Name : $"{engineEvent.GetType().Name} {detail}";
    }
}
