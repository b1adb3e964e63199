using System.Security.Cryptography;
using System.Text;
using Dewy.Engine.Deployment;
using Dewy.Engine.Files;

namespace Dewy.Engine.Admin;

/// <summary>
/// The token of <c>.dewy/admin.token</c>: whoever can read that file may do what the agent's user may. It is read anew each
/// time, so that deleting the file takes back a token that got about.
/// </summary>
internal sealed class AdminToken(RootLayout layout)
{
    /// <summary>Random bytes of a token; the file has them as hexadecimal digits.</summary>
    public const int Length = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _gate = new();

    /// <summary>The token that holds; makes one where there is none that only the agent's user knows.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may it.</exception>
    public string Read()
    {
        lock (_gate)
        {
            if (TryRead() is { } token)
                return token;
            var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length));
            DurableFile.Replace(layout.AdminTokenFile, Encoding.ASCII.GetBytes(fresh + "\n"), OwnerOnly);
            return fresh;
        }
    }

    /// <summary>Compares in a time that does not tell how much was right.</summary>
    public static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));

    private string? TryRead()
    {
        var file = new FileInfo(layout.AdminTokenFile);
        const int mostCharacters = 4 * Length;
        if (!file.Exists || file.Length > mostCharacters || (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) != UnixFileMode.None))
            return null; // one that others could read is one that others know
        var text = File.ReadAllText(file.FullName).Trim();
        return text.Length == 2 * Length && text.All(char.IsAsciiHexDigit) ? text : null;
    }
}
