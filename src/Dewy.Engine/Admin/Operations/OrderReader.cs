using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin.Operations;

/// <summary>Reads the body of a POST.</summary>
internal static class OrderReader
{
    /// <summary>An order is a few words.</summary>
    public const int MaximumBytes = 16 << 10;

    /// <summary>Longest a body may take to arrive.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The order; an empty one where there is no body.</summary>
    /// <exception cref="AdminProblemException">It is of another type, too long, no JSON, or says what means nothing here.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, TimeProvider time, CancellationToken cancellationToken)
        where T : Order, new()
    {
        var body = await ReadBodyAsync(context.Request, time, cancellationToken);
        if (body.Length == 0)
            return new T();

        // A page may send text to anywhere without being asked back; JSON it may not.
        if (!IsJson(context.Request.ContentType))
            throw new AdminProblemException(StatusCodes.Status415UnsupportedMediaType, "ContentTypeWrong", "The body is not declared as JSON.", "Send 'Content-Type: application/json'.");
        try
        {
            var order = JsonSerializer.Deserialize<T>(body, AdminJson.Strict) ?? new T();
            return order.Fault() is { } fault ? throw Wrong(fault) : order;
        }
        catch (JsonException exception)
        {
            throw Wrong($"The body cannot be read: {exception.Message}");
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaximumBytes)
            throw TooLarge();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        try
        {
            while (await request.Body.ReadAsync(chunk, either.Token) is > 0 and var read)
            {
                if (buffer.Length + read > MaximumBytes)
                    throw TooLarge();
                buffer.Write(chunk, 0, read);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new AdminProblemException(StatusCodes.Status408RequestTimeout, nameof(ErrorCode.Timeout), $"The body did not arrive within {Limit.TotalSeconds:0} s.", "Send it again.");
        }

        return buffer.ToArray();
    }

    private static bool IsJson(string? contentType) =>
        contentType is not null && contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static AdminProblemException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "BodyTooLarge", $"The body has more than {MaximumBytes} bytes.", "Send the order alone.");

    private static AdminProblemException Wrong(string message) =>
        new(StatusCodes.Status400BadRequest, nameof(ErrorCode.InvalidOption), message, "See the README for what each operation understands.");
}
