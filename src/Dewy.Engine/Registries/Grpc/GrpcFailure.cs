using Dewy.Engine.Registries.Http;
using Google.Protobuf;
using Grpc.Core;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>Tells what a failed call of a gRPC registry means.</summary>
internal sealed class GrpcFailure(GrpcAddress address, HttpFailure failure)
{
    /// <summary>Where a service that has had enough names no time.</summary>
    private static readonly TimeSpan RateLimitPause = TimeSpan.FromMinutes(1);

    /// <summary>HTTP_1_1_REQUIRED (RFC 9113, section 7).</summary>
    private const long Http11Required = 0xd;

    public DewyException Explain(RpcException exception, HttpCallText text)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(text);
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DewyException known:
                    return known;
                case InvalidProtocolBufferException:
                    return failure.Malformed($"{UrlText.Of(address.Endpoint)} did not send the message it should ({cause.Message.TrimEnd('.')})", text, exception);
                case HttpProtocolException { ErrorCode: Http11Required }:
                    return failure.Malformed($"{UrlText.Of(address.Endpoint)} does not speak HTTP/2", text, exception);
                case IOException:
                    return BrokeOff(cause, text, exception);
                case HttpRequestException { InnerException: not HttpProtocolException } request:
                    return Unreachable(request, text);
            }
        }

        return FromStatus(exception, text);
    }

    public DewyException TimedOut(TimeSpan limit, HttpCallText text, Exception? cause) => failure.TimedOut(address.Endpoint, limit, text, cause);

    public DewyException Malformed(string why, HttpCallText text) => failure.Malformed(why, text);

    private DewyException FromStatus(RpcException exception, HttpCallText text)
    {
        var detail = ErrorBody.OneLine(exception.Status.Detail);
        var said = $"{UrlText.Of(address.Endpoint)} answered {exception.StatusCode}{(detail is null ? "" : $" ({detail})")}";
        var retryAfter = RetryDelay.Read(exception.Trailers);
        return exception.StatusCode switch
        {
            // The same status says that a message is too long, at either end.
            StatusCode.ResourceExhausted when exception.Status.Detail.Contains("message", StringComparison.OrdinalIgnoreCase) && retryAfter is null =>
                failure.Malformed(said, text, exception),
            StatusCode.ResourceExhausted => failure.Create(
                ErrorCode.RegistryRateLimited,
                $"{text.Subject} has had enough requests for now: {said}; it may be asked again in {(retryAfter ?? RateLimitPause).TotalSeconds:0} s.",
                text,
                text.RateLimitedStep,
                exception,
                retryAfter ?? RateLimitPause),
            StatusCode.NotFound => failure.Create(text.NotFoundCode, $"{text.Subject} has nothing for this host: {said}.", text, text.NotFoundStep, exception),
            StatusCode.Unimplemented => failure.Create(
                ErrorCode.RegistryNotFound, $"{text.Subject} was not found: {said}.", text, "Correct --registry: there must be a service dewy.RegistryService at that address.", exception),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => failure.Create(
                ErrorCode.RegistryUnauthorized, $"{text.Subject} refuses access: {said}.", text, text.UnauthorizedStep, exception),
            StatusCode.DeadlineExceeded => failure.Create(
                ErrorCode.RegistryTimeout, $"{text.Subject} timed out: {said}.", text, "Check the connection to the registry; the agent tries again by itself.", exception, retryAfter),
            StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition or StatusCode.AlreadyExists => failure.Malformed(said, text, exception),
            _ => failure.Create(
                ErrorCode.RegistryUnavailable, $"{text.Subject} is out of order: {said}.", text, "Look at the log of the service; the agent tries again by itself.", exception, retryAfter),
        };
    }

    private DewyException BrokeOff(Exception cause, HttpCallText text, Exception exception) => failure.Create(
        ErrorCode.RegistryUnavailable,
        $"{text.Subject} broke off its answer from {UrlText.Of(address.Endpoint)}: {cause.Message.TrimEnd('.')}.",
        text,
        "Check the connection to the registry; the agent tries again by itself.",
        exception);

    private DewyException Unreachable(HttpRequestException request, HttpCallText text)
    {
        var explained = failure.Explain(request, address.Endpoint, text);
        var hint = (address.IsPlain, request.HttpRequestError) switch
        {
            (false, HttpRequestError.SecureConnectionError) => $"A service without TLS needs the URL's parameter {GrpcAddress.NoTls}=true.",
            (true, HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse) => $"A service with TLS must not have the URL's parameter {GrpcAddress.NoTls}=true.",
            _ => null,
        };
        return hint is null ? explained : failure.Create(explained.Code, explained.Message, text, $"{explained.NextStep} {hint}", request);
    }
}
