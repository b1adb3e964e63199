using System.Management.Automation;
using System.Net;
using System.Security;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that looks into a registry, whose URL it may be given or inherit.</summary>
public abstract class RegistryCommand : RootedCommand
{
    /// <summary>Only releases with this build metadata, such as <c>blue</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("slot")]
    public virtual string? Slot { get; set; }

    /// <summary>Versions are dates of this format, such as <c>YYYY.0M.MICRO</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("calver")]
    public virtual string? Calver { get; set; }

    /// <summary>Token for the registry, in place of what the environment holds.</summary>
    [Parameter]
    [ValidateNotNull]
    public virtual SecureString? Token { get; set; }

    /// <summary>User and password, or key id and key, for the registry, in place of what the environment holds.</summary>
    [Parameter]
    [ValidateNotNull]
    public virtual PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        base.Prepare();
        if (Token is not null && Credential is not null)
        {
            throw new DewyException(ErrorCode.InvalidOption, "-Token and -Credential were both given; a registry takes one of them.")
            {
                Target = "-Credential",
                NextStep = "Leave one of them out.",
            };
        }

        if (Credential is { } credential)
            Options.Credential = new GivenCredential { User = credential.UserName, Secret = TextOf(credential.Password), Origin = "-Credential" };
        else if (Token is not null)
            Options.Credential = new GivenCredential { Secret = TextOf(Token), Origin = "-Token" };
    }

    // The platform's way out of a SecureString: what speaks HTTP wants strings.
    private static string TextOf(SecureString secret) => new NetworkCredential("", secret).Password;
}
