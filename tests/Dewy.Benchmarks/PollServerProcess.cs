using System.Diagnostics;
using System.Globalization;

namespace Dewy.Benchmarks;

/// <summary>A <see cref="PollServer"/> in its process.</summary>
internal sealed class PollServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PollServerProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>What the server said of itself.</summary>
    public string Url { get; }

    public static async Task<PollServerProcess> StartAsync(string kind, int releases)
    {
        string[] arguments = [PollServer.Word, kind, releases.ToString(CultureInfo.InvariantCulture)];
        var program = Environment.ProcessPath ?? "dotnet";
        var isHost = Path.GetFileNameWithoutExtension(program) is "dotnet";
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, isHost ? [typeof(PollServerProcess).Assembly.Location, .. arguments] : arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        return new PollServerProcess(process, await ReadAsync(process));
    }

    /// <summary>Requests since this was last asked.</summary>
    public async Task<int> CountRequestsAsync()
    {
        await _process.StandardInput.WriteLineAsync("count");
        await _process.StandardInput.FlushAsync();
        return int.Parse(await ReadAsync(_process), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The benchmark's server ended.");
}
