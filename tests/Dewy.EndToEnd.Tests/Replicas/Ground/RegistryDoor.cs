using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>Stands before a real registry, passes everything on, and can be told to turn somebody away.</summary>
internal sealed class RegistryDoor(string authority) : LoopbackServer
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    protected override async Task ServeAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri($"http://{authority}{context.Request.Path}{context.Request.QueryString}"));
        request.Headers.TryAddWithoutValidation("Accept", [.. context.Request.Headers.Accept]);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
