using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Tests.GoogleCloud;

/// <summary>
/// The parts of Google Cloud Storage's JSON API that Dewy uses, after its public documentation: listing with prefix,
/// delimiter, paging and field selection; media downloads with ranges, generation conditions and decompressive
/// transcoding; media uploads with preconditions; bearer tokens from an OAuth 2.0 token endpoint (RFC 7523, RFC 6749).
/// Parameters it does not know are refused.
/// </summary>
internal sealed class GcsServer(string bucket, TimeProvider timeProvider) : LoopbackServer
{
    public const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";

    private static readonly HashSet<string> ListParameters = ["prefix", "delimiter", "maxResults", "pageToken", "fields"];
    private static readonly HashSet<string> MediaParameters = ["alt", "ifGenerationMatch", "ifGenerationNotMatch"];
    private static readonly HashSet<string> UploadParameters = ["uploadType", "name", "ifGenerationMatch", "fields"];

    private readonly ConcurrentDictionary<string, GcsStoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private long _lastGeneration = 1_700_000_000_000_000;

    /// <summary>The token every request must carry; null where anybody may read and write.</summary>
    public string? Token { get; set; }

    /// <summary>Entries a page has at most, whatever is asked for.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>The key service accounts sign their assertions with.</summary>
    public RSA Key { get; } = RSA.Create(2048);

    public IEnumerable<GcsStoredObject> Objects => _objects.Values.OrderBy(stored => stored.Key, StringComparer.Ordinal);

    public GcsStoredObject Put(string key, byte[] content, DateTimeOffset at, bool isPacked = false)
    {
        lock (_writing)
            return _objects[key] = new GcsStoredObject(key, content, ++_lastGeneration, at, isPacked);
    }

    /// <summary>The text of a service account's key file.</summary>
    public string ServiceAccount() => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "test",
        ["private_key_id"] = "1",
        ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "dewy@test.iam.gserviceaccount.com",
        ["client_id"] = "1",
        ["token_uri"] = new Uri(Address, "token").AbsoluteUri,
    }.ToJsonString();

    /// <summary>The text of the file that gcloud writes for a person.</summary>
    public static string AuthorizedUser => new JsonObject
    {
        ["type"] = "authorized_user", ["client_id"] = "1", ["client_secret"] = "secret-of-gcloud", ["refresh_token"] = "refresh-me",
    }.ToJsonString();

    protected override ValueTask CloseAsync()
    {
        Key.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task ServeAsync(HttpContext context)
    {
        context.Response.Headers.Date = timeProvider.GetUtcNow().ToString("R");
        var request = context.Request;
        var path = request.Path.Value ?? "";
        if (path == "/token" && request.Method == "POST")
            return GrantAsync(context);
        if (Token is not null && request.Headers.Authorization != $"Bearer {Token}")
        {
            return request.Headers.Authorization.Count == 0
                ? ErrorAsync(context, 401, "Anonymous caller does not have storage.objects.list access to the Google Cloud Storage bucket.")
                : ErrorAsync(context, 401, "Invalid Credentials");
        }

        var objects = $"/storage/v1/b/{bucket}/o";
        if (request.Method == "POST" && path == "/upload" + objects)
            return UploadAsync(context);
        if (path != objects && !path.StartsWith(objects + "/", StringComparison.Ordinal))
            return ErrorAsync(context, 404, "The specified bucket does not exist.");
        return (request.Method, path == objects) switch
        {
            ("GET", true) => ListAsync(context),
            ("GET", false) => MediaAsync(context, ObjectName(context)),
            ("DELETE", false) => DeleteAsync(context, ObjectName(context)),
            _ => ErrorAsync(context, 405, "Method not allowed"),
        };
    }

    private static bool Knows(HttpRequest request, HashSet<string> names) => request.Query.Keys.All(names.Contains);

    private static Task ErrorAsync(HttpContext context, int status, string message) =>
        AnswerAsync(context, status, new JsonObject { ["error"] = new JsonObject { ["code"] = status, ["message"] = message } }.ToJsonString());

    /// <summary>What follows <c>/o/</c>: one path segment, in which slashes of the name are written %2F.</summary>
    private static string ObjectName(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(raw[(raw.LastIndexOf('/') + 1)..]);
    }

    private static JsonObject ToResource(GcsStoredObject stored)
    {
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32C(stored.Content));
        return new JsonObject
        {
            ["kind"] = "storage#object",
            ["name"] = stored.Key,
            ["generation"] = stored.Generation.ToString(CultureInfo.InvariantCulture),
            ["size"] = stored.Content.Length.ToString(CultureInfo.InvariantCulture),
            ["timeCreated"] = stored.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["updated"] = stored.At.AddDays(1).UtcDateTime.ToString("O"), // somebody changed a label: no other content
            ["md5Hash"] = Convert.ToBase64String(MD5.HashData(stored.Content)),
            ["crc32c"] = Convert.ToBase64String(crc),
        };
    }

    private static uint Crc32C(byte[] content)
    {
        uint crc = 0xFFFFFFFF;
        foreach (var single in content)
        {
            crc ^= single;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }

    private async Task GrantAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var granted = form["grant_type"].ToString() switch
        {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => IsSigned(form["assertion"].ToString()),
            "refresh_token" => form["refresh_token"] == "refresh-me" && form["client_secret"] == "secret-of-gcloud",
            _ => false,
        };
        await (granted
            ? AnswerAsync(context, 200, new JsonObject { ["access_token"] = Token, ["expires_in"] = 3600, ["token_type"] = "Bearer" }.ToJsonString())
            : AnswerAsync(context, 400, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"""));
    }

    private bool IsSigned(string assertion)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3)
            return false;
        var claims = JsonNode.Parse(Base64Url(parts[1])) ?? new JsonObject();
        return Key.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            && (string?)claims["scope"] == Scope
            && (string?)claims["aud"] == "https://oauth2.googleapis.com/token";

        static byte[] Base64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var fields = query["fields"].ToString();
        if (!Knows(context.Request, ListParameters) || query["delimiter"] != "/" || fields.Length == 0)
            return ErrorAsync(context, 400, "Invalid argument.");
        var prefix = query["prefix"].ToString();
        var names = _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key.IndexOf('/', prefix.Length) is >= 0 and var slash ? key[..(slash + 1)] : key)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => string.CompareOrdinal(name, query["pageToken"].ToString()) > 0)
            .ToList();
        var size = Math.Min(PageSize, int.Parse(query["maxResults"].ToString(), CultureInfo.InvariantCulture));
        var page = names.Take(size).ToList();
        var answer = new JsonObject();
        if (names.Count > size && fields.Contains("nextPageToken", StringComparison.Ordinal))
            answer["nextPageToken"] = page[^1];
        if (fields.Contains("prefixes", StringComparison.Ordinal) && page.Exists(name => name.EndsWith('/')))
            answer["prefixes"] = new JsonArray([.. page.Where(name => name.EndsWith('/')).Select(name => JsonValue.Create(name))]);
        if (fields.StartsWith("items(", StringComparison.Ordinal))
        {
            var wanted = fields["items(".Length..fields.IndexOf(')', StringComparison.Ordinal)].Split(',');
            answer["items"] = new JsonArray([.. page.Where(name => !name.EndsWith('/')).Select(name => _objects[name]).Select(stored =>
                new JsonObject(ToResource(stored).Where(field => wanted.Contains(field.Key, StringComparer.Ordinal)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))))]);
        }

        return AnswerAsync(context, 200, answer.ToJsonString());
    }

    private async Task MediaAsync(HttpContext context, string key)
    {
        var query = context.Request.Query;
        if (!Knows(context.Request, MediaParameters) || query["alt"] != "media")
        {
            await ErrorAsync(context, 400, "Invalid argument.");
            return;
        }

        if (!_objects.TryGetValue(key, out var stored))
        {
            await AnswerAsync(context, 404, $"No such object: {bucket}/{key}", "text/html");
            return;
        }

        var generation = stored.Generation.ToString(CultureInfo.InvariantCulture);
        if (query.TryGetValue("ifGenerationMatch", out var match) && match != generation)
        {
            await ErrorAsync(context, 412, "At least one of the pre-conditions you specified did not hold.");
            return;
        }

        if (query.TryGetValue("ifGenerationNotMatch", out var other) && other == generation)
        {
            context.Response.StatusCode = 304;
            return;
        }

        context.Response.Headers["x-goog-generation"] = generation;
        context.Response.Headers.LastModified = stored.At.ToString("R");
        context.Response.ContentType = "application/octet-stream";
        var content = stored.Content;
        if (stored.IsPacked && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }
        else if (stored.IsPacked)
        {
            using var unpacked = new MemoryStream();
            await using var packed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            await packed.CopyToAsync(unpacked);
            content = unpacked.ToArray();
        }

        if (RangeHeaderValue.TryParse(context.Request.Headers.Range, out var range) && range.Ranges.First().From is { } from)
        {
            if (from >= content.Length)
            {
                await ErrorAsync(context, 416, "Request range not satisfiable");
                return;
            }

            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
            content = content[(int)from..];
        }

        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private async Task UploadAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!Knows(context.Request, UploadParameters) || query["uploadType"] != "media" || query["name"].ToString().Length == 0)
        {
            await ErrorAsync(context, 400, "Invalid argument.");
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        GcsStoredObject? stored = null;
        lock (_writing)
        {
            var there = _objects.TryGetValue(query["name"].ToString(), out var old) ? old.Generation : 0;
            if (!query.TryGetValue("ifGenerationMatch", out var match) || match == there.ToString(CultureInfo.InvariantCulture))
                stored = _objects[query["name"].ToString()] = new GcsStoredObject(query["name"].ToString(), body.ToArray(), ++_lastGeneration, timeProvider.GetUtcNow());
        }

        await (stored is null
            ? ErrorAsync(context, 412, "At least one of the pre-conditions you specified did not hold.")
            : AnswerAsync(context, 200, ToResource(stored).ToJsonString()));
    }

    private Task DeleteAsync(HttpContext context, string key)
    {
        if (!_objects.TryRemove(key, out _))
            return ErrorAsync(context, 404, $"No such object: {bucket}/{key}");
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
