namespace Dewy;

/// <summary>Why a deployment failed, as kept in the history.</summary>
public sealed record DeploymentError
{
    public required ErrorCode Code { get; init; }

    public required string Message { get; init; }

    public string? Phase { get; init; }

    public string? Target { get; init; }

    public string? NextStep { get; init; }

    /// <summary>Takes over the facts of an exception.</summary>
    public static DeploymentError From(DewyException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new DeploymentError
        {
            Code = exception.Code,
            Message = exception.Message,
            Phase = exception.Phase,
            Target = exception.Target,
            NextStep = exception.NextStep,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => NextStep is null ? Message : $"{Message} {NextStep}";
}
