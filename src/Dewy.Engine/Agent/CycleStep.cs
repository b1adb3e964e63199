namespace Dewy.Engine.Agent;

/// <summary>One step of a plan.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Description">The same for a person, with the things it touches.</param>
internal sealed record CycleStep(StepKind Kind, string Description)
{
    /// <summary>Stable name of the step and of the phase it is timed as.</summary>
    public string Name => Kind switch
    {
        StepKind.BeforeHook => "before-hook",
        StepKind.AfterHook => "after-hook",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The step as the outside sees it.</summary>
    public PlanStep ToPlanStep() => new(Name, Description);
}
