namespace Dewy.Engine.Agent;

/// <summary>What a plan is for.</summary>
internal enum PlanGoal
{
    /// <summary>Nothing to do.</summary>
    Nothing,

    /// <summary>Nothing to do now, though a newer release exists.</summary>
    Hold,

    /// <summary>Bring reality back to what is live: the link, the process.</summary>
    Upkeep,

    /// <summary>Make a release of the registry live.</summary>
    Deploy,

    /// <summary>Make a kept release live because an operator wants it.</summary>
    RollBack,

    /// <summary>Put the previous release back because the live one misbehaves.</summary>
    Withdraw,
}
