using Dewy.Engine.Registries.Folder;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries;

/// <summary>
/// The URL of a file as a registry named it: the word of a stranger. A web address, or one of a registry's scheme. It has
/// no credentials of its own, save the signature a web address may carry in its query, which is shown to nobody.
/// </summary>
internal sealed record ArtifactUrl
{
    private const int Longest = 8192;

    /// <summary>Lower-case scheme.</summary>
    public required string Scheme { get; init; }

    /// <summary>The URL without secrets, for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The URL without its query, which tells one file from another: signatures change from answer to answer.</summary>
    public required string Identity { get; init; }

    /// <summary>The address of the web, query included; null for other schemes.</summary>
    public Uri? Web { get; init; }

    /// <summary>The URL of a registry's scheme taken apart; null for web addresses.</summary>
    public RegistryAddress? Address { get; init; }

    /// <summary>Name of the file of a web address; empty for other schemes, which have names of their own.</summary>
    public string Name { get; init; } = "";

    /// <summary>Reads a URL.</summary>
    /// <param name="text">What the registry said.</param>
    /// <param name="refuse">Makes the failure from a clause about the URL.</param>
    public static ArtifactUrl Parse(string text, Func<string, DewyException> refuse)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(refuse);
        if (text.Length > Longest)
            throw refuse($"of {text.Length:N0} characters");
        return text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            ? ReadWeb(text, refuse)
            : ReadRegistry(text, refuse);
    }

    private static ArtifactUrl ReadWeb(string text, Func<string, DewyException> refuse)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || text.Any(char.IsControl))
            throw refuse("that is no web address");
        var display = UrlText.Of(url);
        if (url.UserInfo.Length > 0)
            throw refuse($"with credentials in it ({display})");
        var name = Uri.UnescapeDataString(url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..]);
        return FolderNames.IsAsset(name)
            ? new ArtifactUrl { Scheme = url.Scheme, DisplayName = display, Identity = url.GetLeftPart(UriPartial.Path), Web = url, Name = name }
            : throw refuse($"that ends in no file name ({display})");
    }

    private static ArtifactUrl ReadRegistry(string text, Func<string, DewyException> refuse)
    {
        RegistryAddress address;
        try
        {
            address = RegistryAddressReader.Read(text);
        }
        catch (DewyException exception)
        {
            throw refuse($"that is none: {exception.Message.TrimEnd('.')}");
        }

        // An endpoint would have this host's credentials sent wherever the registry likes.
        if (address.Parameters.Count > 0)
            throw refuse($"with parameters ({string.Join(", ", address.Parameters.Keys)}), which are for this host to say");
        return new ArtifactUrl { Scheme = address.Scheme, DisplayName = address.DisplayName, Identity = text, Address = address };
    }
}
