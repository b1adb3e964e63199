using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Oci;

/// <summary>
/// An image registry: each tag is a release, and its artifact is the image the tag points to, by digest. A poll that finds
/// nothing new makes one request a page of tags (1,000; answered with 304 where the registry gives entity tags) and one
/// <c>HEAD</c> of the chosen tag, without which a tag that moved would not be seen. One caller at a time.
/// </summary>
internal sealed class OciReleaseSource : IReleaseSource
{
    private readonly ImageRepository _repository;
    private readonly DistributionClient _client;
    private readonly TagList _tags;
    private readonly ImageInspector _images;

    public OciReleaseSource(RegistryAddress address, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        DisplayName = address.DisplayName;
        _repository = ImageRepository.From(address);
        _client = new DistributionClient(_repository, DisplayName, services);
        _tags = new TagList(_repository, _client);
        _images = new ImageInspector(_client, ImagePlatform.Of(address, services.Platform));
    }

    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "img",
        Form = ImageRepository.Form,
        Parameters = [RegistryCriteria.PreRelease, RegistryCriteria.CalVer, RegistryCriteria.Constraint, ImagePlatform.Parameter, ImageRepository.PlainHttp],
        Artifact = ArtifactForm.Image,
        Credentials = CredentialForms.Token | CredentialForms.UserAndSecret,
        AnswersDependOnPlatform = true,
        Complete = Check,
        Create = (address, services) => new OciReleaseSource(address, services),
    };

    public string DisplayName { get; }

    public string Credentials => _client.CredentialOrigin ?? "none";

    public bool SlotMayFollowUnderscore => true;

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        var tags = await _tags.ReadAsync(cancellationToken);

        // Never "not modified": the list of tags says nothing about where they point.
        return new ReleaseListing([.. tags.Select(tag => new ReleaseCandidate { Tag = tag })], NotModified: false);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!ImageRepository.IsTag(release.Tag))
            throw NoSuchImage(release.Tag);
        var digest = await _client.FindDigestAsync(release.Tag, cancellationToken) ?? throw NoSuchImage(release.Tag);
        var image = await _images.InspectAsync(digest, cancellationToken) ?? throw NoSuchImage(release.Tag);
        return
        [
            new ReleaseAsset
            {
                Name = $"{_repository.Reference}:{release.Tag}",
                Location = _repository.Locate($"manifests/{digest}"),
                Image = $"{_repository.Reference}@{digest}",
                Digests = [digest],
                Size = image.Size,
                ModifiedAt = image.CreatedAt,
                ChosenByRegistry = true,
                UselessBecause = image.UselessBecause is { } why ? $"{_repository.Reference}:{release.Tag} {why}." : null,
            },
        ];
    }

    /// <summary>Images are pulled by the container engine, layer by layer; there is no file to open.</summary>
    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        throw new DewyException(ErrorCode.InvalidOption, $"{asset.Name} is an image, not a file: it can be run in container mode, but not be fetched or extracted.")
        {
            Phase = "fetch",
            Target = DisplayName,
            NextStep = "Use container mode, or a registry of files.",
        };
    }

    /// <summary>Image registries take no reports.</summary>
    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static RegistryAddress Check(RegistryAddress address, string baseDirectory)
    {
        _ = ImageRepository.From(address);
        _ = ImagePlatform.Of(address, HostPlatform.Current);
        return address;
    }

    // A tag that was deleted between the list and the question, or a list that is not up to date.
    private DewyException NoSuchImage(string tag) => new(ErrorCode.ArtifactNotFound, $"{DisplayName} lists the tag '{tag}', but has no image for it.")
    {
        Phase = "check",
        Target = $"{_repository.Reference}:{tag}",
        NextStep = "Push the image again, or delete the tag; the agent looks again by itself.",
    };
}
