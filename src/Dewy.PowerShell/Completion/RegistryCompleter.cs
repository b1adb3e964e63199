using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Dewy.PowerShell.Completion;

/// <summary>The schemes of registries.</summary>
public sealed class RegistryCompleter : IArgumentCompleter
{
    private static readonly (string Url, string ToolTip)[] Schemes =
    [
        ("file:///", "A folder: file:///absolute/path, releases in <version>/<artifact>"),
        ("file://./", "A folder below the current location"),
        ("ghr://", "GitHub Releases: ghr://<owner>/<repo>"),
        ("s3://", "Amazon S3 or a server that speaks its protocol: s3://<region>/<bucket>/<prefix>"),
        ("gs://", "Google Cloud Storage: gs://<bucket>/<prefix>"),
        ("img://", "An image registry, for container mode: img://<host[:port]>/<repository>"),
        ("grpc://", "A gRPC service that names the release: grpc://<host:port>"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return Schemes
            .Where(scheme => scheme.Url.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(scheme => new CompletionResult(scheme.Url, scheme.Url, CompletionResultType.ParameterValue, scheme.ToolTip));
    }
}
