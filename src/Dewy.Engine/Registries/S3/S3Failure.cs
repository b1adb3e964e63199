using System.Globalization;
using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.S3;

/// <summary>Tells what a failed call of S3 means.</summary>
/// <param name="server">The server, for messages; null for Amazon's.</param>
/// <param name="failure">Makes the failures all HTTP registries share.</param>
internal sealed class S3Failure(Uri? server, HttpFailure failure)
{
    private const int LongestSentence = 200;

    /// <summary>AWS asks for a pause without saying how long.</summary>
    private static readonly TimeSpan RateLimitPause = TimeSpan.FromSeconds(30);

    private string Host => server is null ? "Amazon S3" : UrlText.Of(server).TrimEnd('/');

    /// <summary>Whether an exception of the SDK is this class's to explain.</summary>
    public static bool Includes(Exception exception) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or XmlException;

    /// <summary>Whether a condition of a write did not hold: the object is there, is another one, is gone, or is just being written.</summary>
    public static bool IsUnmetCondition(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.PreconditionFailed
        || exception.ErrorCode is "ConditionalRequestConflict"
        || (exception.StatusCode is HttpStatusCode.NotFound && exception.ErrorCode is "NoSuchKey");

    public DewyException Explain(Exception exception, HttpCallText text) => exception switch
    {
        AmazonUnmarshallingException => failure.Malformed($"{Host} did not send the XML it should", text, exception),
        AmazonServiceException { StatusCode: default(HttpStatusCode) } or AmazonServiceException { InnerException: HttpRequestException or IOException } when Cause(exception) is { } cause => Explain(cause, text),
        AmazonServiceException service => Explain(service, text),
        HttpRequestException request => failure.Explain(request, server, text),
        AmazonClientException when Cause(exception) is { } cause => Explain(cause, text),
        AmazonClientException client when client.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) => failure.Create(
            ErrorCode.RegistryUnauthorized, $"{text.Subject} needs credentials: {OneLine(client.Message)}.", text, text.UnauthorizedStep, exception),
        XmlException => failure.Malformed($"{Host} did not send the XML it should", text, exception),
        IOException => Broken(exception, text),
        _ => failure.Malformed($"{Host}: {OneLine(exception.Message)}", text, exception),
    };

    private DewyException Explain(AmazonServiceException exception, HttpCallText text)
    {
        var status = (int)exception.StatusCode;
        var said = string.IsNullOrEmpty(exception.ErrorCode) ? "" : $" {exception.ErrorCode}";
        var answer = $"{Host} answered {status}{said} ({OneLine(exception.Message)})";
        var retryAfter = RetryAfter(exception);
        return (exception.ErrorCode, status) switch
        {
            ("SlowDown" or "TooManyRequests" or "RequestLimitExceeded" or "Throttling" or "ThrottlingException", _) or (_, 429) => failure.Create(
                ErrorCode.RegistryRateLimited, $"{text.Subject} has had enough requests for now: {answer}.", text, text.RateLimitedStep, exception, retryAfter ?? RateLimitPause),
            ("PermanentRedirect" or "IllegalLocationConstraintException", _) or ("AuthorizationHeaderMalformed", 400) or (_, 301 or 307) => failure.Create(
                ErrorCode.RegistryNotFound, $"{text.Subject} is in another region: {answer}.", text, "Correct the region of the URL.", exception),
            ("RequestTimeTooSkewed", _) => failure.Create(
                ErrorCode.RegistryUnauthorized, $"{text.Subject} refuses access: {answer}.", text, "Set this host's clock; it differs from the server's by more than 15 minutes.", exception),
            (_, 401 or 403) or ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "AccessDenied", _) => failure.Create(
                ErrorCode.RegistryUnauthorized, $"{text.Subject} refuses access: {answer}.", text, text.UnauthorizedStep, exception),
            ("NoSuchBucket", _) => failure.Create(ErrorCode.RegistryNotFound, $"{text.Subject} was not found: {answer}.", text, text.NotFoundStep, exception),
            (_, 404 or 410) => failure.Create(text.NotFoundCode, $"{text.Subject} was not found: {answer}.", text, text.NotFoundStep, exception),
            (_, 501) => failure.Malformed($"{answer}: it does not know what was asked for", text, exception),
            ("RequestTimeout", _) or (_, 408) => failure.Create(ErrorCode.RegistryTimeout, $"{text.Subject} timed out: {answer}.", text, "The agent tries again by itself.", exception),
            (_, >= 500) => failure.Create(
                ErrorCode.RegistryUnavailable, $"{text.Subject} is out of order: {answer}.", text, "Look at the server's state; the agent tries again by itself.", exception, retryAfter),
            _ => failure.Create(ErrorCode.RegistryMalformed, $"{text.Subject} gave an answer of no use: {answer}.", text, "Check that the URL and its endpoint are right.", exception),
        };
    }

    private DewyException Broken(Exception exception, HttpCallText text) => failure.Create(
        ErrorCode.RegistryUnavailable, $"{text.Subject} broke off its answer: {OneLine(exception.Message)}.", text, "Check the connection to the server; the agent tries again by itself.", exception);

    private static Exception? Cause(Exception exception)
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException or IOException or XmlException)
                return inner;
        }

        return null;
    }

    private static TimeSpan? RetryAfter(AmazonServiceException exception) =>
        exception.InnerException is HttpErrorResponseException { Response: { } response }
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400))
            : null;

    private static string OneLine(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim().TrimEnd('.');
        return line.Length <= LongestSentence ? line : line[..LongestSentence] + "…";
    }
}
