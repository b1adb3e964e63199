using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// One request and its answer on one connection. The two go their ways at the same time: an application may answer while it
/// is still being asked, or stop listening and say why.
/// </summary>
internal sealed class Exchange(BackendConnection connection, HttpContext context, RequestBody body, AnswerLatency latency, TimeProvider time)
{
    private readonly Upload? _upload = body.Framing == BodyFraming.None ? null : new Upload(connection, context, body, time);

    /// <summary>Whether the connection may serve another exchange.</summary>
    public bool LeavesConnectionGood { get; private set; }

    /// <summary>Whether the backend may still be reading the request, so that another would wait for that.</summary>
    public bool LeavesBackendBusy { get; private set; }

    /// <summary>Runs it to its end. The client is told of what failed, but not where nothing was sent: another connection may take it.</summary>
    /// <param name="host">The backend's own name, for a client that names none.</param>
    public async ValueTask<ForwardingFailure> RunAsync(string host)
    {
        using var registration = context.RequestAborted.UnsafeRegister(static connection => ((BackendConnection?)connection)?.Break(BreakCause.Client), connection);
        if (!RequestHead.TryWrite(connection.Writer, context, body, host))
            return RefuseUnsent(StatusCodes.Status400BadRequest);
        var began = time.GetTimestamp();
        var sent = await (_upload is null ? connection.Writer.FlushAsync() : _upload.SendFirstAsync());
        if (!sent && _upload?.ClientFault is { } fault)
            return RefuseUnsent(fault);
        if (!sent && !connection.Writer.HasSent && connection.Cause == BreakCause.None)
            return new ForwardingFailure(ForwardingFailureKind.NeverSent, "it closed the connection at once");

        // What could not be sent to the end may have been answered all the same.
        var rest = !sent || _upload is null or { IsComplete: true } ? Task.CompletedTask : _upload.SendRestAsync();
        try
        {
            var failure = await AnswerAsync(began);
            if (failure.Kind == ForwardingFailureKind.None && !rest.IsCompleted)
                await SeeOffAsync(rest);
            LeavesConnectionGood = failure.Kind == ForwardingFailureKind.None && sent && _upload is null or { IsComplete: true }
                && connection.Head.KeepsConnection && connection.Reader.Unread.IsEmpty && connection.Cause == BreakCause.None;
            return failure;
        }
        finally
        {
            if (!rest.IsCompleted)
                connection.Break(BreakCause.Done);
            await rest;
        }
    }

    /// <summary>What the client sent is no request: the connection is as it was.</summary>
    private ForwardingFailure RefuseUnsent(int status)
    {
        LeavesConnectionGood = !connection.Writer.HasSent;
        return ForwardingFailure.Tell(context, ForwardingFailureKind.ByClient, status);
    }

    private async ValueTask<ForwardingFailure> AnswerAsync(long began)
    {
        var (head, reader) = (connection.Head, connection.Reader);
        for (var early = 0; ; early++)
        {
            ParseResult result;
            while ((result = head.Parse(reader.Unread.Span, HttpMethods.IsHead(context.Request.Method))) == ParseResult.Incomplete)
            {
                if (!await reader.ReadAsync())
                    return NoAnswer();
                connection.Moved();
            }

            if (result == ParseResult.Malformed || head.Status == StatusCodes.Status101SwitchingProtocols || early > AnswerLimits.Informational)
                return ForwardingFailure.Tell(context, ForwardingFailureKind.Broken, StatusCodes.Status502BadGateway);
            if (!head.IsInformational)
                break;
            if (!await HearEarlyAsync())
                return ByCause(ForwardingFailureKind.ByClient);
            reader.Consume(head.Bytes);
            head.Reset();
        }

        latency.Add(time.GetElapsedTime(began));
        return await PassOnAsync();
    }

    /// <returns>False where the client has gone.</returns>
    private async ValueTask<bool> HearEarlyAsync()
    {
        if (connection.Head.Status == StatusCodes.Status100Continue)
        {
            _upload?.Consent();
            return true;
        }

        // For a body that waits, the server itself says 100 once it is being read, which may be at any moment.
        if (body.WaitsForConsent)
            return true;
        try
        {
            return await EarlyAnswer.PassOnAsync(context, connection);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<ForwardingFailure> PassOnAsync()
    {
        var head = connection.Head;
        var ownChunks = head.Framing == BodyFraming.Chunked && HttpProtocol.IsHttp11(context.Request.Protocol);
        AnswerFields.Copy(head, connection.Reader.Unread.Span, connection.Texts, context.Response, ownChunks);
        connection.Reader.Consume(head.Bytes);
        DownloadResult result;
        try
        {
            result = await new Download(connection, context).CopyAsync(head.Framing, head.Length ?? 0, ownChunks);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            result = DownloadResult.ClientGone;
        }

        return result switch
        {
            DownloadResult.Complete => default,
            DownloadResult.ClientGone => ByCause(ForwardingFailureKind.ByClient),
            _ => ByCause(ForwardingFailureKind.Broken),
        };
    }

    private ForwardingFailure NoAnswer() =>
        ByCause(connection.IsUsed && connection.Reader.Unread.IsEmpty ? ForwardingFailureKind.NoAnswerOnKept : ForwardingFailureKind.NoAnswer);

    /// <summary>What was broken off from this side says nothing of the other.</summary>
    private ForwardingFailure ByCause(ForwardingFailureKind otherwise) => connection.Cause switch
    {
        BreakCause.Client => ForwardingFailure.Tell(context, ForwardingFailureKind.ByClient, _upload?.ClientFault ?? StatusCodes.Status400BadRequest),
        BreakCause.Idle => ForwardingFailure.Tell(context, ForwardingFailureKind.Broken, StatusCodes.Status504GatewayTimeout),
        BreakCause.Cut => ForwardingFailure.Tell(context, ForwardingFailureKind.Broken, StatusCodes.Status502BadGateway),
        _ => ForwardingFailure.Tell(context, otherwise, StatusCodes.Status502BadGateway),
    };

    /// <summary>
    /// The whole answer was there before the end of the request. The application may go on reading all the same, so that the
    /// rest is sent as long as the client sends it and the backend takes it. Nor is the connection closed then: there are
    /// servers that stop reading at once when it is.
    /// </summary>
    private async ValueTask SeeOffAsync(Task rest)
    {
        LeavesBackendBusy = true;
        try
        {
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return; // the client is gone
        }

        if (!body.WaitsForConsent || _upload is { HasBegun: true })
            await rest;
    }
}
