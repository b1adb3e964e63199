using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that fetches artifacts.</summary>
public abstract class ArtifactCommand : RegistryCommand
{
    /// <summary>Directory or <c>file://</c> URL of the cache; <c>&lt;root&gt;/.dewy/cache</c> where left out.</summary>
    [Parameter]
    [DewyOption("cache", Form = OptionForm.UrlOrPath)]
    public virtual string? Cache { get; set; }

    /// <summary>Whether checksums are verified when offered, required, or ignored.</summary>
    [Parameter]
    [ValidateSet("Auto", "Required", "Off")]
    [DewyOption("verify-checksum", Form = OptionForm.Word)]
    public virtual string? VerifyChecksum { get; set; }

    /// <summary>Public key file whose signature every artifact needs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("verify-key", Form = OptionForm.Path)]
    public virtual string? VerifyKey { get; set; }

    /// <summary>Largest artifact in bytes; 4GB is PowerShell's way to write 4 GiB.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    [DewyOption("max-artifact-size")]
    public virtual long MaxArtifactSize { get; set; }
}
