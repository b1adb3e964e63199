using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Processes;

/// <summary>
/// Follows a program's output file: gives each line on, remembers the last ones for error messages, and keeps the file
/// within bounds. The file is the queue: what the program writes faster than it can be followed is left out and counted.
/// </summary>
internal sealed class OutputTail : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly OutputFile _file;
    private readonly Func<string, string> _redact;
    private readonly Action<string>? _onLine;
    private readonly SafeFileHandle _handle;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _closed = new();
    private readonly LineSplitter _splitter = new();
    private readonly LastLines _last = new();
    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly Task _following;
    private long _position;
    private long _giveOnFrom;

    /// <summary>Begins to follow.</summary>
    /// <param name="file">The file; it exists.</param>
    /// <param name="position">Where to begin, in bytes.</param>
    /// <param name="remembered">How many bytes before that the last lines shall know, though they are not given on again.</param>
    /// <param name="redact">Takes secrets out of a line.</param>
    /// <param name="onLine">Gets each line; null where nobody wants them. Must not throw.</param>
    /// <param name="time">The clock.</param>
    public OutputTail(OutputFile file, long position, int remembered, Func<string, string> redact, Action<string>? onLine, TimeProvider time)
    {
        _file = file;
        _position = Math.Max(position - remembered, 0);
        _giveOnFrom = position;
        _redact = redact;
        _onLine = onLine;
        _handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _following = FollowAsync(time);
    }

    /// <summary>Reads what is there by now and tells the last lines, secrets removed; at most 4 KiB.</summary>
    public async Task<string> LastLinesAsync()
    {
        await _reading.WaitAsync();
        try
        {
            ReadToEnd();
            var unfinished = _redact(_splitter.Unfinished);
            var text = unfinished.Length == 0 ? _last.ToString() : $"{_last}\n{unfinished}".TrimStart('\n');
            return text.Length <= LastLines.DefaultMaximumLength ? text : text[^LastLines.DefaultMaximumLength..];
        }
        catch (IOException exception)
        {
            return $"(its output could not be read: {exception.Message})";
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _following;
        await _reading.WaitAsync();
        _handle.Dispose();
        _reading.Dispose();
        _closed.Dispose();
    }

    private async Task FollowAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                await _reading.WaitAsync(_closed.Token);
                try
                {
                    ReadToEnd();
                }
                catch (IOException)
                {
                    // A full or vanished disk must not end the supervision; the next turn tries again.
                }
                finally
                {
                    _reading.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private void ReadToEnd()
    {
        var length = RandomAccess.GetLength(_handle);
        if (length < _position)
            _position = _giveOnFrom = 0; // somebody emptied it
        if (length - _position > OutputFile.DefaultMaximumLength)
        {
            _onLine?.Invoke($"({length - _position - OutputFile.DefaultMaximumLength} bytes of output left out: they came too fast)");
            _position = length - OutputFile.DefaultMaximumLength;
        }

        while (_position < length)
        {
            var end = _position < _giveOnFrom ? _giveOnFrom : length;
            var read = RandomAccess.Read(_handle, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, end - _position)), _position);
            if (read == 0)
                break;
            _position += read;
            _splitter.Append(_buffer.AsSpan(0, read), _position <= _giveOnFrom ? Remember : GiveOn);
        }

        _file.RotateWhenFull();
    }

    private void Remember(string line) => _last.Add(_redact(line));

    private void GiveOn(string line)
    {
        var clean = _redact(line);
        _last.Add(clean);
        _onLine?.Invoke(clean);
    }
}
