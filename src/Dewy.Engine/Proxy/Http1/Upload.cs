using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// The body of a request on its way to the backend, while the answer may already come the other way. It is read no faster
/// than the backend takes it, and no memory is held while the client sends nothing.
/// </summary>
internal sealed class Upload(BackendConnection connection, HttpContext context, RequestBody body, TimeProvider time)
{
    /// <summary>What is sent at once.</summary>
    private const int PieceBytes = 64 * 1024;

    /// <summary>Pieces in a row for which nothing was waited before the thread is left to others.</summary>
    private const int MostAtOnce = 4;

    /// <summary>How long the backend may take to ask for a body that waits for that, before it is sent all the same (RFC 9110, 10.1.1).</summary>
    private static readonly TimeSpan ConsentLimit = TimeSpan.FromSeconds(3);

    private readonly PipeReader _source = context.Request.BodyReader;
    private readonly TaskCompletionSource? _consent = body.WaitsForConsent ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private long _taken;

    /// <summary>Whether everything was sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the client's request is being read: where it waited to be asked, it has been by then.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What the client is to be told where its part went wrong; null where it did not.</summary>
    public int? ClientFault { get; private set; }

    /// <summary>The backend has asked for the body.</summary>
    public void Consent() => _consent?.TrySetResult();

    /// <summary>Sends the head that was collected, and with it what has come of the body.</summary>
    /// <returns>False where the connection took none of it or not all; nothing is lost of the body where it took none.</returns>
    public async ValueTask<bool> SendFirstAsync()
    {
        if (_consent is not null || !TryRead(out var first))
            return ClientFault is null && await connection.Writer.FlushAsync();
        var taken = Collect(first);
        var sent = await connection.Writer.FlushAsync();
        if (!connection.Writer.HasSent)
            (taken, IsComplete) = (first.Buffer.Start, false);
        _source.AdvanceTo(taken);
        return sent;
    }

    /// <summary>Sends the rest. Breaks the connection off where the client fails: what the backend has got is no request then.</summary>
    public async Task SendRestAsync()
    {
        try
        {
            if (_consent is not null && !await WaitForConsentAsync(_consent.Task))
                return;
            HasBegun = true;

            // Not with the token: a read that was given up by it leaves the server unable to read over what it has no use for,
            // and it would reset the connection of a client that is just being told why.
            using var breaking = connection.Broken.UnsafeRegister(static source => ((PipeReader?)source)?.CancelPendingRead(), _source);
            for (var atOnce = 1; !IsComplete; atOnce++)
            {
                var reading = _source.ReadAsync(CancellationToken.None);
                if (!reading.IsCompleted)
                {
                    connection.Writer.ReturnMemory();
                    atOnce = 0;
                }

                var read = await reading;
                if (atOnce % MostAtOnce == MostAtOnce - 1)
                    await Task.Yield();
                if (read.IsCanceled)
                {
                    _source.AdvanceTo(read.Buffer.Start);
                    return;
                }

                connection.Moved();
                _source.AdvanceTo(Collect(read));
                if (ClientFault is not null)
                {
                    connection.Break(BreakCause.Client);
                    return;
                }

                if (!await connection.Writer.FlushAsync())
                    return; // whether that matters, the answer tells
                connection.Moved();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            if (connection.Cause != BreakCause.None)
                return;
            ClientFault = FaultOf(exception);
            connection.Break(BreakCause.Client);
        }
    }

    private static int FaultOf(Exception exception) => exception is BadHttpRequestException { StatusCode: var status } ? status : StatusCodes.Status400BadRequest;

    private bool TryRead(out ReadResult first)
    {
        try
        {
            HasBegun = true;
            return _source.TryRead(out first);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            first = default;
            ClientFault = FaultOf(exception);
            return false;
        }
    }

    /// <summary>Puts a piece of the body to what is to be sent, and the end where it is the last.</summary>
    /// <returns>How far it was taken.</returns>
    private SequencePosition Collect(in ReadResult read)
    {
        var piece = read.Buffer.Length <= PieceBytes ? read.Buffer : read.Buffer.Slice(0, PieceBytes);
        var isLast = read.IsCompleted && piece.Length == read.Buffer.Length;
        _taken += piece.Length;
        if (body.Framing == BodyFraming.Length)
        {
            foreach (var part in piece)
                connection.Writer.Write(part.Span);

            // The server has seen to it; should it not have, the rest would be read as a request of its own.
            if (_taken > body.Length || (isLast && _taken < body.Length))
                ClientFault = StatusCodes.Status400BadRequest;
        }
        else
        {
            if (!piece.IsEmpty)
                ChunkWriter.Write(connection.Writer, piece);
            if (isLast)
            {
                ChunkWriter.WriteLast(connection.Writer);
                if (!Trailers.TryWrite(connection.Writer, context))
                    ClientFault = StatusCodes.Status400BadRequest;
                connection.Writer.Write("\r\n"u8);
            }
        }

        IsComplete = isLast && ClientFault is null;
        return piece.End;
    }

    /// <returns>False where the connection was broken off meanwhile.</returns>
    private async ValueTask<bool> WaitForConsentAsync(Task consent)
    {
        try
        {
            await consent.WaitAsync(ConsentLimit, time, connection.Broken);
        }
        catch (TimeoutException)
        {
            // It knows nothing of asking.
        }

        return connection.Cause == BreakCause.None;
    }
}
