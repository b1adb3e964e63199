using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that looks into a registry, whose URL it may be given or inherit.</summary>
public abstract class RegistryCommand : RootedCommand
{
    /// <summary>Only releases with this build metadata, such as <c>blue</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("slot")]
    public string? Slot { get; set; }

    /// <summary>Versions are dates of this format, such as <c>YYYY.0M.MICRO</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("calver")]
    public string? Calver { get; set; }
}
