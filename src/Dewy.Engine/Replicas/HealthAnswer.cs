namespace Dewy.Engine.Replicas;

/// <summary>What one try of a health check found.</summary>
/// <param name="Healthy">Whether it was a healthy answer.</param>
/// <param name="Description">The answer, or why there was none, in a few words.</param>
/// <param name="By">Who gave it.</param>
internal sealed record HealthAnswer(bool Healthy, string Description, AnsweredBy By = AnsweredBy.Unknown);
