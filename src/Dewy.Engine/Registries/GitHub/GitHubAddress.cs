using System.Text.RegularExpressions;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>Which repository a <c>ghr://</c> URL names.</summary>
internal static partial class GitHubAddress
{
    public const string Form = "ghr://<owner>/<repo>";

    /// <summary>Checks an address.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the URL names no repository.</exception>
    public static RegistryAddress Complete(RegistryAddress address)
    {
        var repository = address.Path.TrimEnd('/');
        if (!OwnerShape().IsMatch(address.Authority) || !RepositoryShape().IsMatch(repository) || repository is "." or "..")
        {
            throw RegistryAddressReader.Invalid(
                address.DisplayName,
                "it names no GitHub repository",
                $"Write {Form}, such as ghr://linyows/dewy; GitHub Enterprise's address goes into GITHUB_API_URL.");
        }

        return address with { Path = repository };
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex OwnerShape();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryShape();
}
