using Microsoft.Extensions.Hosting;

namespace Dewy.Engine.Admin;

/// <summary>A server that lives as long as its owner says. The default one listens for Ctrl+C, which is the agent's, or PowerShell's.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
