using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>
/// Looks at answers before gRPC does: proxies, sign-in pages and servers of something else answer over HTTP only, and say
/// more that way than as the gRPC status they would be turned into ("HTTP to gRPC Status Code Mapping").
/// </summary>
internal sealed class GrpcAnswerHandler(HttpMessageHandler inner, HttpFailure failure, HttpCallText text) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && IsGrpc(response))
            return response;
        using (response)
        {
            if (!response.IsSuccessStatusCode)
                throw await failure.ExplainAsync(response, text, cancellationToken);
            var type = response.Content.Headers.ContentType?.MediaType;
            throw failure.Malformed($"{UrlText.Of(request.RequestUri)} does not speak gRPC: it sent {(type is null ? "something of no type" : $"'{type}'")}", text);
        }
    }

    private static bool IsGrpc(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (type.Equals("application/grpc", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/grpc+", StringComparison.OrdinalIgnoreCase));
}
