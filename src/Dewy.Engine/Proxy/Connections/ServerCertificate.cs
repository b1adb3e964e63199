using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>Reads a certificate with its chain and key, as a TLS server needs it.</summary>
internal static class ServerCertificate
{
    /// <summary>A certificate file is a few kilobytes; what is larger is no certificate.</summary>
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads both files.</summary>
    /// <param name="certificateFile">PEM (the certificate first, then those that lead to its root) or PKCS #12.</param>
    /// <param name="keyFile">The private key in PEM; null where the certificate file holds it.</param>
    /// <exception cref="DewyException">They cannot be read, do not belong together, or hold no key.</exception>
    public static CertificateFiles Read(string certificateFile, string? keyFile)
    {
        try
        {
            return new CertificateFiles(ReadBounded(certificateFile), keyFile is null ? null : ReadBounded(keyFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Invalid(certificateFile, exception.Message, exception);
        }
    }

    /// <summary>Makes of them what a handshake needs.</summary>
    /// <exception cref="DewyException">They do not belong together, or hold no key.</exception>
    public static SslStreamCertificateContext Load(CertificateFiles files, string certificateFile)
    {
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            var isPem = files.Certificate.AsSpan().IndexOf("-----BEGIN"u8) >= 0;
            return isPem ? LoadPem(files, certificateFile) : LoadPkcs12(files.Certificate, certificateFile);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw Invalid(certificateFile, exception.Message, exception);
        }
    }

    private static SslStreamCertificateContext LoadPem(CertificateFiles files, string certificateFile)
    {
        var text = Encoding.UTF8.GetString(files.Certificate);
        using var pem = X509Certificate2.CreateFromPem(text, files.Key is null ? text : Encoding.UTF8.GetString(files.Key));
        if (!pem.HasPrivateKey)
            throw Invalid(certificateFile, "it holds no private key", null);

        // Windows and macOS take keys for TLS from a key store only, which reading PKCS #12 puts them into.
        var certificate = OperatingSystem.IsLinux() ? new X509Certificate2(pem) : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private static SslStreamCertificateContext LoadPkcs12(byte[] bytes, string certificateFile)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(bytes, password: null);
        var certificate = all.FirstOrDefault(candidate => candidate.HasPrivateKey) ?? throw Invalid(certificateFile, "it holds no private key", null);
        return SslStreamCertificateContext.Create(certificate, all, offline: true);
    }

    private static byte[] ReadBounded(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MostBytes)
            throw new IOException($"{path} is larger than {MostBytes / 1024} KiB");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static DewyException Invalid(string certificateFile, string why, Exception? inner) =>
        new(ErrorCode.InvalidConfiguration, $"The certificate {certificateFile} cannot be used: {why.TrimEnd('.')}.", inner)
        {
            Phase = "start",
            Target = certificateFile,
            NextStep = "Give a PEM file with the certificate and its chain, and the PEM file of its unencrypted key, or a PKCS #12 file without a password that holds both.",
        };
}
