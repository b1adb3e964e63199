using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dewy.Tests.GitHub;

/// <summary>A GitHub App with one installation; checks the tokens it is asked with as GitHub does.</summary>
internal sealed class GitHubAppState(TimeProvider time) : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public TimeProvider Time { get; } = time;

    public string Id { get; } = "12345";

    public string InstallationId { get; } = "987654321";

    /// <summary>The app's key as GitHub lets it be downloaded (PKCS#1).</summary>
    public string PrivateKey => _key.ExportRSAPrivateKeyPem();

    /// <summary>The same key as other tools write it (PKCS#8).</summary>
    public string Pkcs8PrivateKey => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Installation tokens handed out, in order.</summary>
    public List<string> Issued { get; } = [];

    /// <summary>What is wrong with an <c>Authorization</c> header; null where it is the app's.</summary>
    public string? Check(string header)
    {
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || header["Bearer ".Length..].Split('.') is not [var head, var body, var signature])
            return "A JSON web token could not be decoded";
        if (!_key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return "A JSON web token could not be decoded";
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
        using var header64 = JsonDocument.Parse(Base64Url.DecodeFromChars(head));
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var issued = claims.RootElement.GetProperty("iat").GetInt64();
        var expires = claims.RootElement.GetProperty("exp").GetInt64();
        return true switch
        {
            _ when header64.RootElement.GetProperty("alg").GetString() is not "RS256" => "Algorithm not supported",
            _ when claims.RootElement.GetProperty("iss").ToString() != Id => "Integration not found",
            _ when issued > now => "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            _ when expires <= now => "'Expiration time' claim ('exp') is too far in the past",
            _ when expires - now > 600 => "'Expiration time' claim ('exp') is too far in the future",
            _ => null,
        };
    }

    public void Dispose() => _key.Dispose();
}
