using System.Runtime.InteropServices;

namespace Dewy.Engine.Containers;

/// <summary>
/// Who a container runs as where neither the image nor the options say: the agent's own user and group, as in the Go
/// program. Where the agent is root that would be root by accident, so it is nobody then; who wants root says
/// <c>--user 0:0</c>.
/// </summary>
internal static partial class ContainerUser
{
    /// <summary><c>nobody:nogroup</c> on every Linux; numbers, because images need not have the names.</summary>
    public const string Nobody = "65534:65534";

    /// <summary>The default of this host's agent; null where the host has no such numbers.</summary>
    public static string? Default() => OperatingSystem.IsWindows() ? null : Of(EffectiveUser(), EffectiveGroup());

    public static string Of(uint user, uint group) => user == 0 ? Nobody : group == 0 ? $"{user}:65534" : $"{user}:{group}";

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();
}
