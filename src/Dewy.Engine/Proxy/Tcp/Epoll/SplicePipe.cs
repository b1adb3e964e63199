namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>A pipe through which the kernel moves bytes from one socket to another without copying them.</summary>
/// <param name="Reading">The descriptor to move out of.</param>
/// <param name="Writing">The descriptor to move into.</param>
internal sealed record SplicePipe(int Reading, int Writing);
