namespace Dewy.Engine.Registries;

/// <summary>What kinds of given credentials a registry can make use of.</summary>
[Flags]
internal enum CredentialForms
{
    None = 0,

    /// <summary>A token alone.</summary>
    Token = 1,

    /// <summary>A user and a password, or a key's id and the key.</summary>
    UserAndSecret = 2,
}
