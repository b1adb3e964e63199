using System.Text.Json;
using Dewy.Engine.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>Writes answers and refusals, secrets removed.</summary>
internal sealed class AdminAnswers(SecretRedactor redactor)
{
    private readonly JsonSerializerOptions _json = AdminJson.Redacted(redactor);

    public async Task WriteAsync<T>(HttpContext context, T answer, int status = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, _json);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Problem details (RFC 9457), with what Dewy's failures have besides.</summary>
    public Task RefuseAsync(HttpContext context, AdminProblemException problem)
    {
        if (problem.RetryAfter is { } retryAfter)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"dewy\"";
        return WriteAsync(context, new Problem(TitleOf(problem.Status), problem.Status, problem.Message, problem.Code, problem.Phase, problem.Target, problem.NextStep), problem.Status, "application/problem+json; charset=utf-8");
    }

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Bad request",
        StatusCodes.Status401Unauthorized => "A token is needed",
        StatusCodes.Status403Forbidden => "Refused",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status408RequestTimeout => "Too slow",
        StatusCodes.Status413PayloadTooLarge => "Too large",
        StatusCodes.Status415UnsupportedMediaType => "Unsupported media type",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        StatusCodes.Status503ServiceUnavailable => "Not now",
        _ => "Failed",
    };

    private sealed record Problem(string Title, int Status, string Detail, string Code, string? Phase, string? Target, string? NextStep);
}
