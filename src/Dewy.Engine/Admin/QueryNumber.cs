using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>Reads a whole number from a query.</summary>
internal static class QueryNumber
{
    /// <exception cref="AdminProblemException">It is no number, or outside its limits.</exception>
    public static int Read(HttpRequest request, string name, int absent, int minimum, int maximum)
    {
        if (!request.Query.TryGetValue(name, out var text))
            return absent;
        return int.TryParse(text, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new AdminProblemException(StatusCodes.Status400BadRequest, nameof(ErrorCode.InvalidOption), $"{name} is not a whole number from {minimum} to {maximum}.", "Correct the query.");
    }
}
