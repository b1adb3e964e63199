using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Processes;

/// <summary>
/// Where a program says that it is ready: the socket <c>NOTIFY_SOCKET</c> names (sd_notify(3)). It lies in a directory
/// only this user may enter, so that nobody else can speak for the program.
/// </summary>
internal sealed class NotifySocket : IAsyncDisposable
{
    /// <summary>Longest datagram read; systemd's own limit is the same page.</summary>
    private const int LongestMessage = 4096;

    private const string Prefix = "dewy-";

    private readonly DirectoryInfo _directory;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private readonly TimeProvider _time;
    private long _extendedUntil;

    private NotifySocket(DirectoryInfo directory, Socket socket, string path, TimeProvider time)
    {
        _directory = directory;
        _socket = socket;
        _time = time;
        Path = path;
        _receiving = ReceiveAsync();
    }

    /// <summary>Value of <c>NOTIFY_SOCKET</c>.</summary>
    public string Path { get; }

    /// <summary>Completes when the program has said <c>READY=1</c>.</summary>
    public Task Ready => _ready.Task;

    /// <summary>True once anything came: the program knows the protocol.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>The newest <c>STATUS=</c>; null where none came.</summary>
    public string? Status { get; private set; }

    /// <summary>Until when (a timestamp of the clock) the program asked for patience with <c>EXTEND_TIMEOUT_USEC=</c>; 0 where it did not.</summary>
    public long ExtendedUntil => Interlocked.Read(ref _extendedUntil);

    /// <summary>Removes what an agent that was killed left: nobody reads there any more.</summary>
    /// <param name="path">See <see cref="Path"/>, of that agent.</param>
    public static void RemoveLeftover(string path)
    {
        // A record may be damaged or forged: only what can be one of ours is touched.
        var directory = System.IO.Path.GetDirectoryName(path);
        if (directory is null || !System.IO.Path.GetFileName(directory).StartsWith(Prefix, StringComparison.Ordinal) || !Directory.Exists(directory))
            return;
        try
        {
            File.Delete(path);
            Directory.Delete(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The temporary directory is cleaned by others, too.
        }
    }

    /// <summary>Opens a new one. In the temporary directory, not in the root: a socket's path has 107 bytes at most.</summary>
    public static NotifySocket Open(TimeProvider time)
    {
        var directory = Directory.CreateTempSubdirectory(Prefix);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            var path = System.IO.Path.Combine(directory.FullName, "notify");
            socket.Bind(new UnixDomainSocketEndPoint(path));
            return new NotifySocket(directory, socket, path, time);
        }
        catch
        {
            socket.Dispose();
            directory.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closed.Dispose();
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody cleans the temporary directory, too.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[LongestMessage];
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _closed.Token);
                Read(Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Read(string message)
    {
        foreach (var line in message.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("STATUS=", StringComparison.Ordinal))
                Status = line["STATUS=".Length..];
            else if (line.StartsWith("EXTEND_TIMEOUT_USEC=", StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan("EXTEND_TIMEOUT_USEC=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
                Extend(microseconds);
        }

        IsUsed = true;
        if (message.Split('\n').Contains("READY=1", StringComparer.Ordinal))
            _ready.TrySetResult();
    }

    private void Extend(ulong microseconds)
    {
        var ticks = (long)Math.Min(microseconds / 1e6 * _time.TimestampFrequency, long.MaxValue / 4);
        Interlocked.Exchange(ref _extendedUntil, _time.GetTimestamp() + ticks);
    }
}
