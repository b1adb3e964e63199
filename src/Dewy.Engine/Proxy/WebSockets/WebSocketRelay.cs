using Dewy.Engine.Proxy.Backends;

namespace Dewy.Engine.Proxy.WebSockets;

/// <summary>
/// The client's side of a WebSocket while it is passed on. When its backend, or the proxy, leaves, the client is told so at
/// once by a close frame; its answer goes on to the application, which so learns of it in the usual way. A client that does
/// not answer is not waited for: then the application is told in its name.
/// </summary>
internal sealed class WebSocketRelay : Stream
{
    private readonly Stream _client;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenRegistration[] _registrations;
    private readonly FrameTracker _fromServer = new();
    private readonly FrameTracker _fromClient = new();
    private readonly Lock _sync = new();
    private Task _goodbye = Task.CompletedTask;
    private CancellationTokenSource? _reading;
    private volatile bool _leaving;
    private bool _clientTold;
    private bool _serverTold;

    public WebSocketRelay(Stream client, params ReadOnlySpan<Farewell> farewells)
    {
        _client = client;
        _registrations = new CancellationTokenRegistration[farewells.Length * 2];
        for (var index = 0; index < farewells.Length; index++)
        {
            _registrations[2 * index] = farewells[index].Leaving.UnsafeRegister(static relay => (relay as WebSocketRelay)?.Leave(), this);
            _registrations[(2 * index) + 1] = farewells[index].Hurrying.UnsafeRegister(static relay => (relay as WebSocketRelay)?.Hurry(), this);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what the client says to the application.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_serverTold)
            {
                await DiscardAsync(buffer, cancellationToken);
                return 0;
            }

            var hurry = _hurry.IsCancellationRequested && !_fromClient.HasClosed;
            if (hurry && _fromClient.IsAtBoundary)
            {
                if (buffer.Length < CloseFrame.MaskedLength)
                    return 0; // asked whether there is something to read: there is
                CloseFrame.WriteMasked(buffer.Span);
                _serverTold = true;
                return CloseFrame.MaskedLength;
            }

            int read;
            try
            {
                read = await _client.ReadAsync(buffer, hurry || _fromClient.HasClosed ? cancellationToken : UntilHurry(cancellationToken));
            }
            catch (OperationCanceledException) when (_hurry.IsCancellationRequested && !hurry && !cancellationToken.IsCancellationRequested)
            {
                continue;
            }

            if (!hurry)
            {
                _fromClient.Follow(buffer.Span[..read]);
                return read;
            }

            return _fromClient.FollowToBoundary(buffer.Span[..read]); // what follows is no longer heard
        }
    }

    /// <summary>Writes what the application says to the client.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_clientTold)
                return; // nothing may follow a close frame
            if (!_leaving)
            {
                _fromServer.Follow(buffer.Span);
                await _client.WriteAsync(buffer, cancellationToken);
                return;
            }

            var frame = buffer[.._fromServer.FollowToBoundary(buffer.Span)];
            await _client.WriteAsync(frame, cancellationToken);
            await TellClientAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _client.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => _client.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends what it does on its own. The exchange is over.</summary>
    public override async ValueTask DisposeAsync()
    {
        foreach (var registration in _registrations)
            await registration.DisposeAsync();
        await _over.CancelAsync();
        await _goodbye;
        await base.DisposeAsync();
        _reading?.Dispose();
        _hurry.Dispose();
        _over.Dispose();
        _writing.Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _client.Dispose();
        base.Dispose(disposing);
    }

    private void Leave()
    {
        lock (_sync)
        {
            if (_leaving)
                return;
            _leaving = true;
            _goodbye = SayGoodbyeAsync(_over.Token);
        }
    }

    private void Hurry() => _hurry.Cancel();

    /// <summary>Tells the client at once where the application is not in the middle of a frame; else <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/> does at its end.</summary>
    private async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _writing.WaitAsync(cancellationToken);
            try
            {
                await TellClientAsync(cancellationToken);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or just going.
        }
    }

    private async ValueTask TellClientAsync(CancellationToken cancellationToken)
    {
        if (_clientTold || _fromServer.HasClosed || !_fromServer.IsAtBoundary)
            return;
        _clientTold = true;
        await _client.WriteAsync(CloseFrame.FromServer, cancellationToken);
        await _client.FlushAsync(cancellationToken);
    }

    private async Task DiscardAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
            return;
        while (await _client.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    /// <summary>The caller's token, or that of hurrying; made once, as the caller's is the same each time.</summary>
    private CancellationToken UntilHurry(CancellationToken cancellationToken) =>
        (_reading ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hurry.Token)).Token;
}
