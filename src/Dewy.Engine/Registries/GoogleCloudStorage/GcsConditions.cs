using System.Net;
using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>
/// Lets readers that know the conditions of HTTP speak to a service whose validator is the generation: it becomes the entity
/// tag of an answer, and <c>If-Range</c> becomes <c>ifGenerationMatch</c>. Where that does not hold the whole content is sent,
/// as <c>If-Range</c> has it (RFC 9110, section 13.1.5).
/// </summary>
internal sealed class GcsConditions(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string GenerationHeader = "x-goog-generation";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var plain = request.RequestUri;
        if (request.Headers.IfRange is { EntityTag.Tag: { } tag } && plain is not null)
        {
            request.Headers.IfRange = null;
            request.RequestUri = new Uri($"{plain.AbsoluteUri}&ifGenerationMatch={tag.Trim('"')}");
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed && request.RequestUri != plain)
        {
            response.Dispose();
            request.RequestUri = plain;
            request.Headers.Range = null;
            response = await base.SendAsync(request, cancellationToken);
        }

        if (response.Headers.TryGetValues(GenerationHeader, out var values) && values.FirstOrDefault() is { Length: > 0 } generation)
            response.Headers.ETag = new EntityTagHeaderValue($"\"{generation}\"");
        return response;
    }
}
