using System.Collections;

namespace Dewy.PowerShell.Completion;

/// <summary>The schemes of registries.</summary>
public sealed class RegistryCompleter : WordCompleter
{
    private static readonly Suggestion[] Schemes =
    [
        new("file:///", "A folder: file:///absolute/path, releases in <version>/<artifact>"),
        new("file://./", "A folder below the current location"),
        new("ghr://", "GitHub Releases: ghr://<owner>/<repo>"),
        new("s3://", "Amazon S3 or a server that speaks its protocol: s3://<region>/<bucket>/<prefix>"),
        new("gs://", "Google Cloud Storage: gs://<bucket>/<prefix>"),
        new("img://", "An image registry, for container mode: img://<host[:port]>/<repository>"),
        new("grpc://", "A gRPC service that names the release: grpc://<host:port>"),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Suggestion> Suggest(IDictionary bound) => Schemes;
}
