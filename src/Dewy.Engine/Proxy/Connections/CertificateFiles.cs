namespace Dewy.Engine.Proxy.Connections;

/// <summary>The bytes of a certificate and its key.</summary>
/// <param name="Certificate">PEM or PKCS #12.</param>
/// <param name="Key">PEM; null where the certificate's file holds it.</param>
internal sealed record CertificateFiles(byte[] Certificate, byte[]? Key)
{
    /// <summary>Whether both are the same, byte by byte.</summary>
    public bool IsSameAs(CertificateFiles other) =>
        Certificate.AsSpan().SequenceEqual(other.Certificate) && Key.AsSpan().SequenceEqual(other.Key);
}
