using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dewy.Engine.Admin;

/// <summary>The dashboard's files, which are part of this assembly.</summary>
internal static class DashboardFiles
{
    private const string Prefix = "Dewy.Engine.Admin.Dashboard.";

    private static readonly (string Path, string Resource, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
        ("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public static void AddTo(AdminRoutes routes)
    {
        foreach (var (path, resource, contentType) in Files)
        {
            var content = Read(resource);
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
            routes.Get(path, context => AnswerAsync(context, content, contentType, tag));
        }
    }

    private static async Task AnswerAsync(HttpContext context, byte[] content, string contentType, string tag)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = tag;
        if (context.Request.Headers[HeaderNames.IfNoneMatch].ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(DashboardFiles).Assembly.GetManifestResourceStream(Prefix + resource)
            ?? throw new InvalidOperationException($"The dashboard's {resource} is not in this assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
