namespace Dewy;

/// <summary>
/// What a person gave to convince one registry. It goes before everything the environment or a configuration file holds,
/// to that registry and nowhere else; no child process gets it, and it is written nowhere.
/// </summary>
public sealed record GivenCredential
{
    /// <summary>Name of the user, or id of the key; null where there is a token alone.</summary>
    public string? User { get; init; }

    /// <summary>Password, secret key or token.</summary>
    public required string Secret { get; init; }

    /// <summary>How the person spelled it, for messages, such as <c>-Token</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => User is null ? Origin : $"{User} of {Origin}";
}
