using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dewy.Engine.Files;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>
/// Tells whether a container was started with the options an agent has now. Labels can be read by anybody who may look at
/// the status page, and the options hold secrets that could be guessed from a plain hash: so it is an HMAC, with a key that
/// never leaves the root (<c>.dewy/containers.key</c>). Without the key's file every container is as if started with others.
/// </summary>
internal sealed class OptionFingerprint(string keyFile)
{
    private const int KeyBytes = 32;
    private const int Length = 32; // hexadecimal digits: 128 bits

    /// <summary>Members the library adds later, at their defaults, do not count.</summary>
    private static readonly JsonSerializerOptions Canonical = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The fingerprint of what containers are made from, release and number apart.</summary>
    public string Of(CreateContainerParameters parameters, IReadOnlyList<int?> ports)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var text = JsonSerializer.Serialize(parameters, Canonical) + string.Join(',', ports);
        return Convert.ToHexStringLower(HMACSHA256.HashData(ReadKey(), Encoding.UTF8.GetBytes(text)))[..Length];
    }

    private byte[] ReadKey()
    {
        try
        {
            if (File.Exists(keyFile) && File.ReadAllBytes(keyFile) is { Length: KeyBytes } known)
                return known;
            Directory.CreateDirectory(Path.GetDirectoryName(keyFile) ?? "/");
            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            DurableFile.Replace(keyFile, key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, keyFile);
        }
    }
}
