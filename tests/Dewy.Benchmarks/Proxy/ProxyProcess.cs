using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dewy.Benchmarks.Proxy;

/// <summary>A proxy, or the backend, and its children.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Task<string> _output = Task.FromResult("");
    private Task<string> _errors = Task.FromResult("");

    private ProxyProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Processor time of all of it so far.</summary>
    public TimeSpan ProcessorTime => ProcessTree.ProcessorTime(_process.Id);

    /// <summary>Starts it and waits until it accepts connections.</summary>
    public static async Task<ProxyProcess> StartAsync(string[] command, int port)
    {
        var process = new Process { StartInfo = StartInfo(command) };
        process.Start();
        var started = new ProxyProcess(process, port);
        try
        {
            started._output = process.StandardOutput.ReadToEndAsync();
            started._errors = process.StandardError.ReadToEndAsync();
            await started.WaitAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunToEndAsync(string[] command, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var startInfo = StartInfo(command);
        startInfo.WorkingDirectory = folder ?? "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            startInfo.Environment[name] = value;
        using var process = new Process { StartInfo = startInfo };
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await errors}{output}");
    }

    /// <summary>Whether a program is installed.</summary>
    public static bool IsInstalled(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>A port that nobody listens on.</summary>
    public static int FindPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (socket.LocalEndPoint as IPEndPoint)?.Port ?? throw new InvalidOperationException("A bound socket has an address.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await Task.WhenAll(_output, _errors);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string[] command) => new(command[0], command[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private async Task WaitAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException exception)
            {
                if (_process.HasExited)
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {await _errors}", exception);
                if (Stopwatch.GetElapsedTime(started) > StartLimit)
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} does not listen on port {Port}.", exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
