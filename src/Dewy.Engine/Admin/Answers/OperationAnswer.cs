namespace Dewy.Engine.Admin.Answers;

/// <summary>What became of an order: with 200 it is done, with 202 the agent is at it.</summary>
/// <param name="Message">One sentence.</param>
/// <param name="Deployment">What it led to; null where nothing had to be deployed, or not yet.</param>
internal sealed record OperationAnswer(string Message, Dewy.Deployment? Deployment = null);
