using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>Which path and method is answered by what. Exact paths only.</summary>
internal sealed class AdminRoutes
{
    private readonly Dictionary<string, (string Method, Func<HttpContext, Task> Answer)> _routes = new(StringComparer.Ordinal);

    public void Get(string path, Func<HttpContext, Task> answer) => _routes.Add(path, (HttpMethods.Get, answer));

    public void Post(string path, Func<HttpContext, Task> answer) => _routes.Add(path, (HttpMethods.Post, answer));

    /// <exception cref="AdminProblemException">404 or 405.</exception>
    public Task AnswerAsync(HttpContext context)
    {
        if (!_routes.TryGetValue(context.Request.Path.Value ?? "", out var route))
        {
            throw new AdminProblemException(StatusCodes.Status404NotFound, "NotFound", $"There is no {context.Request.Path}.", $"There is: {string.Join(", ", _routes.Keys.Order(StringComparer.Ordinal))}.");
        }

        // HEAD is GET without its body, which the server leaves out by itself.
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        if (HttpMethods.Equals(method, route.Method))
            return route.Answer(context);
        context.Response.Headers.Allow = route.Method == HttpMethods.Get ? "GET, HEAD" : route.Method;
        throw new AdminProblemException(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"{context.Request.Path} does not understand {context.Request.Method}.", $"Use {route.Method}.");
    }
}
