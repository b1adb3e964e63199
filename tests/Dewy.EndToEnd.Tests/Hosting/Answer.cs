namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>One request of a <see cref="SteadyLoad"/> and what became of it.</summary>
/// <param name="Began">When it was due.</param>
/// <param name="Ended">When its answer was whole.</param>
/// <param name="Body">The answer's body; null where there was none.</param>
/// <param name="Failure">What went wrong; null for an answer of status 200.</param>
/// <param name="Refused">Whether nobody listened.</param>
internal sealed record Answer(DateTimeOffset Began, DateTimeOffset Ended, string? Body, string? Failure, bool Refused)
{
    /// <summary>The version that answered.</summary>
    public string Tag => Body?.Split(' ')[0] ?? "";

    public int Generation => int.Parse(Body?.Split(' ')[1] ?? "0");
}
