using System.Net;
using Dewy.Engine.Artifacts.Downloads;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Registries.Oci.Credentials;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.Images;

/// <summary>The images of one repository in a container engine. Brings them there, and removes those it brought.</summary>
internal sealed class ImageStore : IDisposable
{
    /// <summary>How long a pull may show no sign of life. Unpacking a large layer shows some, all the time.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(3);

    /// <summary>Images have hundreds of megabytes; a disk takes its time to delete them.</summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromMinutes(2);

    /// <summary>A pull that goes on and on is a broken one.</summary>
    private static readonly TimeSpan PullLimit = TimeSpan.FromHours(2);

    private readonly ImageRepository _repository;
    private readonly string? _platform;
    private readonly RegistryCredentials _credentials;
    private readonly ContainerEngine _engine;
    private readonly ImageRecords _records;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _pulling = new(1, 1);

    /// <param name="address">The registry, an image repository.</param>
    /// <param name="services">Environment, redactor and clock.</param>
    /// <param name="engine">Where the images are.</param>
    /// <param name="recordFile">Absolute path of the file that says which of them are Dewy's.</param>
    /// <param name="events">Gets the events.</param>
    /// <exception cref="DewyException">The address is no image repository.</exception>
    public ImageStore(RegistryAddress address, RegistryServices services, ContainerEngine engine, string recordFile, IEngineEventSink events)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        _repository = ImageRepository.From(address);

        // Only where it was asked for: engines refuse images that name no platform when one is demanded.
        _platform = address.Parameters.ContainsKey(ImagePlatform.Parameter) ? ImagePlatform.Of(address, services.Platform).ToString() : null;
        _credentials = new RegistryCredentials(services);
        _engine = engine;
        _records = new ImageRecords(recordFile);
        _events = events;
        _time = services.TimeProvider;
    }

    /// <summary>The platform asked for in the registry's URL, as engines want it; null for the engine's own.</summary>
    public string? Platform => _platform;

    /// <summary>Whether the engine has the image of this repository with that digest.</summary>
    public async Task<bool> ExistsAsync(Digest digest, CancellationToken cancellationToken) =>
        await FindAsync(new ImageReference(_repository.Reference, digest), cancellationToken) is not null;

    /// <summary>What the engine knows of an image; null where it does not have it.</summary>
    public async Task<ImageInspectResponse?> FindAsync(ImageReference image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        var found = await _engine.FindAsync("look at an image", (client, token) => client.Images.InspectImageAsync(image.ToString(), token), cancellationToken);
        return found is not null && HasDigest(found, image.Digest) ? found : null;
    }

    /// <summary>Brings the image of a release, by digest; does nothing but remember it where the engine has it.</summary>
    /// <param name="artifact">The image.</param>
    /// <param name="tag">The release it is.</param>
    /// <returns>Whether it had to be brought.</returns>
    /// <exception cref="DewyException">
    /// <see cref="ErrorCode.ImageNotFound"/>, <see cref="ErrorCode.RegistryUnauthorized"/>, <see cref="ErrorCode.RegistryRateLimited"/>,
    /// <see cref="ErrorCode.RegistryUnavailable"/>, <see cref="ErrorCode.RegistryTimeout"/>, <see cref="ErrorCode.DiskFull"/>, or the engine is not there.
    /// </exception>
    public async Task<bool> PullAsync(Artifact artifact, string tag, CancellationToken cancellationToken)
    {
        var image = ImageReference.Of(artifact);
        return (await EnsureAsync(image, tag, cancellationToken)).Pulled;
    }

    /// <inheritdoc cref="PullAsync"/>
    public async Task<(ImageInspectResponse Image, bool Pulled)> EnsureAsync(ImageReference image, string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        await _pulling.WaitAsync(cancellationToken); // replicas of one release are started side by side
        try
        {
            var found = await FindAsync(image, cancellationToken);
            var pulled = found is null;
            found ??= await BringAsync(image, tag, cancellationToken);
            Remember(new ImageRecord(image.Repository, image.Digest.ToString(), tag, _time.GetUtcNow()));
            return (found, pulled);
        }
        finally
        {
            _pulling.Release();
        }
    }

    /// <summary>
    /// Removes images of this repository that Dewy brought, oldest first, except those needed, those a container has, and
    /// <paramref name="keep"/> more. One that cannot be removed is left for another time.
    /// </summary>
    /// <param name="needed">Digests that must stay: of the live release, the previous one, and the like.</param>
    /// <param name="keep">How many others are kept.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> PruneAsync(IReadOnlySet<Digest> needed, int keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(needed);
        var containers = await _engine.AskAsync("list containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        var used = containers.Select(container => container.ImageID).ToHashSet(StringComparer.Ordinal);
        var (kept, removed) = (0, 0);
        foreach (var record in _records.Of(_repository.Reference))
        {
            if (!Digest.TryParse(record.Digest, out var digest) || needed.Contains(digest))
                continue;
            var image = await FindAsync(new ImageReference(record.Repository, digest), cancellationToken);
            if (image is null)
                _records.Remove(record); // somebody else removed it
            else if (used.Contains(image.ID))
                continue;
            else if (kept < keep)
                kept++;
            else if (await RemoveAsync(record, image.ID, cancellationToken))
                removed++;
        }

        return removed;
    }

    public void Dispose() => _pulling.Dispose();

    /// <summary>As well as it can: a full disk must not keep a release from running, and a lost note only costs space.</summary>
    private void Remember(ImageRecord record)
    {
        try
        {
            _records.Put(record);
        }
        catch (DewyException exception)
        {
            _events.Publish(new AttentionNeeded($"The image of {record.Tag} will not be removed by itself: {exception.Message}", exception.Target, exception.NextStep) { Time = _time.GetUtcNow() });
        }
    }

    /// <summary>By reference, not by id: an image that has another name as well keeps that, and itself.</summary>
    private async Task<bool> RemoveAsync(ImageRecord record, string id, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.CallAsync("remove an image", RemovalLimit, (client, token) => client.Images.DeleteImageAsync($"{record.Repository}@{record.Digest}", new ImageDeleteParameters(), token), cancellationToken);
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            // Somebody else was faster.
        }
        catch (DockerApiException)
        {
            return false; // in use after all, or the engine's disk is in trouble
        }

        _records.Remove(record);
        _events.Publish(new ImageRemoved(id, record.Tag) { Time = _time.GetUtcNow() });
        return true;
    }

    private async Task<ImageInspectResponse> BringAsync(ImageReference image, string tag, CancellationToken cancellationToken)
    {
        var name = image.ToString();
        var failure = new PullFailure(_repository, name, tag, _engine.Failure);
        var credential = await _credentials.FindAsync(_repository, cancellationToken);
        var start = _time.GetTimestamp();
        _events.Publish(new ImagePullStarted(name, tag) { Time = _time.GetUtcNow() });
        using var stall = new StallWatch(StallLimit, _time, cancellationToken);
        var meter = new PullMeter(name, stall.Pulse, _events, _time);
        try
        {
            await _engine.CallAsync("pull an image", PullLimit, (client, token) => client.Images.CreateImageAsync(Parameters(image), Authentication(credential), meter, token), stall.Token);
        }
        catch (DockerApiException exception)
        {
            throw failure.Explain(_engine.Failure.MessageOf(exception));
        }
        catch (OperationCanceledException) when (stall.Stalled && !cancellationToken.IsCancellationRequested)
        {
            throw failure.Stalled(StallLimit);
        }

        if (meter.Error is { } error)
            throw failure.Explain(error);
        var found = await FindAsync(image, cancellationToken) ?? throw failure.WrongDigest();
        meter.Complete();
        _events.Publish(new ImagePulled(name, tag, _time.GetElapsedTime(start)) { Time = _time.GetUtcNow() });
        return found;
    }

    // Repository and digest apart, as the Docker CLI sends them and every engine understands.
    private ImagesCreateParameters Parameters(ImageReference image) =>
        new() { FromImage = image.Repository, Tag = image.Digest.ToString(), Platform = _platform };

    private AuthConfig? Authentication(RegistryCredential? credential) => credential switch
    {
        null => null,
        { IsIdentityToken: true } => new AuthConfig { IdentityToken = credential.Secret, ServerAddress = ServerAddress },
        _ => new AuthConfig { Username = credential.User, Password = credential.Secret, ServerAddress = ServerAddress },
    };

    private string ServerAddress => _repository.IsDockerHub ? "https://index.docker.io/v1/" : _repository.Host;

    private static bool HasDigest(ImageInspectResponse image, Digest digest) =>
        (image.RepoDigests ?? []).Any(reference => reference.EndsWith($"@{digest}", StringComparison.Ordinal));
}
