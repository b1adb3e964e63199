using System.Globalization;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Folder;

/// <summary>
/// A folder as registry: <c>&lt;folder&gt;/&lt;version&gt;/&lt;artifact&gt;</c>, the same layout as in buckets. Local disks,
/// mounted shares and, on Windows, UNC paths. A release is as old as its newest file: shipping reports, which touch its
/// directory, do not make it younger. A poll reads the names of the releases and looks into the one that is wanted only: on
/// a share each directory is a journey of its own.
/// </summary>
internal sealed class FolderReleaseSource : IReleaseSource
{
    /// <summary>More directories than this are not a registry of releases.</summary>
    private const int MostReleases = 100_000;

    private readonly string _folder;

    public FolderReleaseSource(RegistryAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _folder = address.Path;
        DisplayName = address.DisplayName;
    }

    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "file",
        Form = FolderAddress.Form,
        Parameters = [RegistryCriteria.Artifact, RegistryCriteria.PreRelease, RegistryCriteria.CalVer, RegistryCriteria.Constraint],
        Complete = FolderAddress.Complete,
        Create = (address, _) => new FolderReleaseSource(address),
    };

    public string DisplayName { get; }

    public bool DescribesCheaply => true;

    public Task<ReleaseListing> ListAsync(CancellationToken cancellationToken) => OnDiskAsync(_folder, () =>
    {
        var releases = new List<ReleaseCandidate>();
        foreach (var directory in Directory.EnumerateDirectories(_folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tag = Path.GetFileName(directory);
            if (!FolderNames.IsUsable(tag))
                continue;
            if (releases.Count == MostReleases)
                throw new DewyException(ErrorCode.RegistryMalformed, $"{_folder} has more than {MostReleases} directories.") { Target = _folder, NextStep = "Point --registry at the folder of one application's releases." };
            releases.Add(new ReleaseCandidate { Tag = tag });
        }

        return new ReleaseListing(releases, NotModified: false);
    }, cancellationToken);

    public Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var directory = ReleaseDirectory(release.Tag);
        return OnDiskAsync<IReadOnlyList<ReleaseAsset>>(directory, () => ReadAssets(directory), cancellationToken);
    }

    public Task<ReleaseCandidate> DescribeAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var directory = ReleaseDirectory(release.Tag);
        return OnDiskAsync(directory, () =>
        {
            var touched = new DateTimeOffset(Directory.GetLastWriteTimeUtc(directory)); // of a release whose files are still to come
            var assets = ReadAssets(directory);
            return release with { Assets = assets, CreatedAt = assets.Max(asset => asset.ModifiedAt) ?? touched };
        }, cancellationToken);
    }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var path = asset.Location.LocalPath;
        return OnDiskAsync(path, () => Open(path, offset, validator), cancellationToken);
    }

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var path = Path.Combine(ReleaseDirectory(report.Release.Tag), report.FileName);
        try
        {
            if (!FolderNames.IsUsable(report.FileName))
                throw new IOException($"'{report.FileName}' is not a file name.");
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DewyException(ErrorCode.ReportFailed, $"The shipping report {path} cannot be written: {exception.Message}", exception)
            {
                Phase = "record",
                Target = path,
                NextStep = "Give the agent's user write access to the release's folder, or use --no-report.",
            };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static List<ReleaseAsset> ReadAssets(string directory)
    {
        var assets = new List<ReleaseAsset>();
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            var name = Path.GetFileName(path);
            if (!FolderNames.IsAsset(name) || ReadFile(path) is not { } file)
                continue;
            assets.Add(new ReleaseAsset
            {
                Name = name,
                Location = new Uri(path),
                Size = file.Length,
                ModifiedAt = new DateTimeOffset(file.LastWriteTimeUtc),

                // Whoever copies begins with an empty file; pipes and devices, which must never be opened, have no length either.
                Complete = file.Length > 0,
            });
        }

        return assets;
    }

    /// <summary>The file, or what a link to one points at; null for a link that leads nowhere or in a circle.</summary>
    private static FileInfo? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return target is { Exists: true } ? target : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ArtifactContent Open(string path, long offset, string? validator)
    {
        if (ReadFile(path) is not { Length: > 0 })
            throw Gone(path, null);
        FileStream stream;
        try
        {
            stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone(path, exception);
        }

        // The time of creation stands for the inode number: another file of the same size and time is still another file.
        var handle = stream.SafeFileHandle;
        var length = stream.Length;
        var now = string.Create(CultureInfo.InvariantCulture, $"{File.GetLastWriteTimeUtc(handle).Ticks:x}-{length:x}-{File.GetCreationTimeUtc(handle).Ticks:x}");
        var resumes = offset <= length && string.Equals(validator, now, StringComparison.Ordinal);
        if (resumes)
            stream.Position = offset;
        return new ArtifactContent { Stream = stream, Offset = resumes ? offset : 0, TotalLength = length, Validator = now };
    }

    private static DewyException Gone(string path, Exception? cause) =>
        new(ErrorCode.ArtifactNotFound, $"{path} is not there any more.", cause)
        {
            Phase = "fetch",
            Target = path,
            NextStep = "Put the file back, or publish another release; the agent looks again by itself.",
        };

    private string ReleaseDirectory(string tag) =>
        FolderNames.IsUsable(tag)
            ? Path.Combine(_folder, tag)
            : throw new DewyException(ErrorCode.ReleaseNotFound, $"'{tag}' cannot be a release in {DisplayName}.") { Target = tag, NextStep = "Name a tag that the registry has." };

    /// <summary>Runs disk work where it blocks nobody: a share that hangs must not keep the caller past its deadline.</summary>
    private static async Task<T> OnDiskAsync<T>(string path, Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderFailure.Explain(exception, path);
        }
    }
}
