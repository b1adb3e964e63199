namespace Dewy.Engine.Proxy;

/// <summary>How a backend is chosen among the healthy ones.</summary>
public enum BalancePolicy
{
    /// <summary>One after the other.</summary>
    RoundRobin = 0,

    /// <summary>The one with the fewest requests in flight.</summary>
    LeastRequests,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The less busy of two taken at random.</summary>
    PowerOfTwoChoices,

    /// <summary>The first healthy one, in the order in which they joined.</summary>
    First,

    /// <summary>The one a cookie names, while it is healthy; else one after the other.</summary>
    Sticky,
}
