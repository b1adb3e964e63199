using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>Reads the last lines containers wrote, standard output and error as they came.</summary>
internal sealed class ContainerOutput(ContainerEngine engine, SecretRedactor redactor)
{
    /// <summary>4 KiB.</summary>
    public const int LimitBytes = 4096;

    private const string MostLines = "100";
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(10);

    /// <summary>The last lines, secrets removed; empty where there are none or they cannot be had.</summary>
    public async Task<string> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var ring = new OutputRing(LimitBytes);
        try
        {
            await engine.CallAsync("read a container's output", ReadLimit, (client, token) => CopyAsync(client, id, ring, token), cancellationToken);
        }
        catch (Exception exception) when (exception is DewyException or DockerApiException)
        {
            // It is gone, its log driver cannot be read, or the engine is away: what came is as good as it gets.
        }

        return ring.Read(redactor).TrimEnd();
    }

    private static async Task CopyAsync(DockerClient client, string id, OutputRing ring, CancellationToken cancellationToken)
    {
        using var stream = await client.Containers.GetContainerLogsAsync(id, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = MostLines }, cancellationToken);
        var buffer = new byte[16 << 10];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
            ring.Append(buffer.AsSpan(0, read.Count));
    }
}
