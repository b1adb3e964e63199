namespace Dewy.Engine.Replicas;

/// <summary>The outcome of a whole health check.</summary>
/// <param name="Target">What was asked.</param>
/// <param name="Healthy">Whether it became healthy in time.</param>
/// <param name="Attempts">How many tries it took.</param>
/// <param name="LastAnswer">What the last try found.</param>
/// <param name="Duration">How long it took in all.</param>
internal sealed record HealthReport(HealthTarget Target, bool Healthy, int Attempts, string LastAnswer, TimeSpan Duration)
{
    /// <summary>The failure this report stands for.</summary>
    /// <param name="subject">Who was checked, such as <c>v1.2.3 (generation 4)</c>.</param>
    /// <param name="lastOutput">The last lines the subject wrote, secrets removed; may be empty.</param>
    public DewyException ToException(string subject, string lastOutput) =>
        new(ErrorCode.HealthCheckFailed, Sentence(subject) + (lastOutput.Length == 0 ? "" : $" Its last output:\n{lastOutput}"))
        {
            Phase = "health",
            Target = Target.ToString(),
            NextStep = "Ask that address by hand while the release runs, look at the application's output, or give it more time with --health-timeout.",
        };

    private string Sentence(string subject) =>
        $"{subject} was not healthy at {Target} within {Duration.TotalSeconds:0.#} s ({Attempts} {(Attempts == 1 ? "try" : "tries")}; the last: {LastAnswer}).";
}
