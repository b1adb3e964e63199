using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using System.Text;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Gives a client the head of a backend's answer.</summary>
internal static class AnswerFields
{
    /// <summary>Sets status and fields of the answer; nothing is sent yet.</summary>
    /// <param name="head">The answer's head.</param>
    /// <param name="bytes">The bytes it was read from.</param>
    /// <param name="texts">The connection's.</param>
    /// <param name="response">The client's answer.</param>
    /// <param name="inChunks">Whether its body will be written in chunks.</param>
    public static void Copy(AnswerHead head, ReadOnlySpan<byte> bytes, FieldTexts texts, HttpResponse response, bool inChunks)
    {
        response.StatusCode = head.Status;
        var reason = bytes[head.Reason];
        if (!Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) && !reason.IsEmpty)
            response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = Encoding.Latin1.GetString(reason);

        var headers = response.Headers;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            var field = head.Fields[index];
            var text = texts.Get(index, field.Name(bytes), field.Value(bytes));
            if (!text.IsForOneHop)
                headers.Append(text.Name, text.Value);
        }

        // Where none may be said (RFC 9110, 8.6) there is no body that it could mean.
        if (head.Length is { } length && head.Status is not (204 or 205))
            headers.ContentLength = length;
        if (head.NamesFields)
            RemoveNamed(head, bytes, texts, headers);
        if (inChunks)
            headers.TransferEncoding = "chunked";
    }

    private static void RemoveNamed(AnswerHead head, ReadOnlySpan<byte> bytes, FieldTexts texts, IHeaderDictionary headers)
    {
        for (var index = 0; index < head.Fields.Count; index++)
        {
            var field = head.Fields[index];
            var text = texts.Get(index, field.Name(bytes), field.Value(bytes));
            if (!text.Name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (var name in HopByHop.NamedBy(text.Value))
                headers.Remove(name);
        }
    }
}
