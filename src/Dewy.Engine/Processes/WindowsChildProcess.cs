using System.ComponentModel;
using System.Diagnostics;

namespace Dewy.Engine.Processes;

/// <summary>A child on Windows. It knows no signals: any of them ends the tree, except 0, which asks nothing of it.</summary>
internal sealed class WindowsChildProcess : IChildProcess
{
    private readonly Process _process;
    private readonly Task _copying;

    public WindowsChildProcess(Process process, string? outputFile)
    {
        _process = process;
        Id = process.Id;
        Identity = ProcessIdentity.Of(Id) ?? "";
        if (outputFile is null)
        {
            StandardOutput = process.StandardOutput.BaseStream;
            StandardError = process.StandardError.BaseStream;
            _copying = Task.CompletedTask;
        }
        else
        {
            _copying = CopyOutputAsync(outputFile);
        }

        Exited = WaitAsync();
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public Stream? StandardOutput { get; }

    /// <inheritdoc/>
    public Stream? StandardError { get; }

    /// <inheritdoc/>
    public Task<ProcessExit> Exited { get; }

    /// <inheritdoc/>
    public void Release()
    {
        // There is no gate on Windows.
    }

    /// <inheritdoc/>
    public void Signal(int signal)
    {
        if (signal == 0)
            return;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or a part of its tree, ended meanwhile.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process.HasExited)
            await _copying;
        _process.Dispose();
    }

    private async Task<ProcessExit> WaitAsync()
    {
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None);
            return new ProcessExit { Code = _process.ExitCode };
        }
        catch (InvalidOperationException)
        {
            return new ProcessExit(); // disposed while it ran: nobody can know
        }
    }

    private async Task CopyOutputAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        using var writing = new SemaphoreSlim(1);
        await Task.WhenAll(CopyAsync(_process.StandardOutput.BaseStream), CopyAsync(_process.StandardError.BaseStream));

        async Task CopyAsync(Stream from)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                while (await from.ReadAsync(buffer) is > 0 and var count)
                {
                    await writing.WaitAsync();
                    try
                    {
                        await file.WriteAsync(buffer.AsMemory(0, count));
                    }
                    finally
                    {
                        writing.Release();
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The pipe broke with the process.
            }
        }
    }
}
