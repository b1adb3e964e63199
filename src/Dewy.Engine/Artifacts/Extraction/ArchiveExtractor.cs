using Dewy.Engine.Files;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Extracts an artifact into a fresh directory. One thread reads, hashes and decompresses, another writes; both are
/// threads of their own, because decoders and disks block. Memory does not grow with the artifact.
/// </summary>
/// <param name="options">Limits.</param>
/// <param name="events">Gets <see cref="ExtractionProgressed"/>.</param>
/// <param name="timeProvider">Paces progress and knows the zone of zip files' local times.</param>
internal sealed class ArchiveExtractor(ArtifactOptions options, IEngineEventSink events, TimeProvider timeProvider)
{
    /// <summary>
    /// Extracts; when the task ends well, everything is in the directory and on the disk, and the artifact had the
    /// expected digest. When it does not, the directory holds leftovers that the caller deletes.
    /// </summary>
    /// <exception cref="DewyException">
    /// <see cref="ErrorCode.ArchiveUnsupported"/>, <see cref="ErrorCode.ArchiveCorrupt"/>, <see cref="ErrorCode.ArchiveUnsafe"/>,
    /// <see cref="ErrorCode.ArchiveBomb"/>, <see cref="ErrorCode.ChecksumMismatch"/> (which wins over the others),
    /// <see cref="ErrorCode.DiskFull"/>, <see cref="ErrorCode.RootReadOnly"/>.
    /// </exception>
    public async Task<ExtractionResult> ExtractAsync(ExtractionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(request, cancellationToken);
        }
        catch (DewyException exception) when (IsAboutContent(exception))
        {
            // Damage that the digest shows has another remedy than an artifact that was published broken.
            if (request.ExpectedDigest is not null)
            {
                await using var file = OpenArchive(request);
                CheckDigest(request, await Task.Run(() => ArtifactHash.Compute(file.SafeFileHandle, cancellationToken), cancellationToken), exception);
            }

            if (exception.Message.Contains(request.ArtifactName, StringComparison.Ordinal))
                throw;
            throw Named(exception, request.ArtifactName);
        }
    }

    private async Task<ExtractionResult> RunAsync(ExtractionRequest request, CancellationToken cancellationToken)
    {
        await using var file = OpenArchive(request);
        var format = DetectFormat(file, request.ArtifactName);
        var budget = new ExtractionBudget(options, file.Length);
        var progress = new ExtractionProgress(events, timeProvider, request.ReleaseDirectory ?? request.DestinationDirectory, budget);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var queue = new WriteQueue(stop.Token);
        using var tree = new ReleaseTree(request.DestinationDirectory, options.MaxEntries);
        var reader = new ArtifactReader(file, format, new EntryIntake(queue, budget, progress, stop.Token), timeProvider.LocalTimeZone);
        var work = new ExtractionWork(stop);

        var writing = work.RunAsync(() => Write(tree, () => queue.Drain(tree.Apply)));
        var reading = work.RunAsync(() =>
        {
            var digest = ReadAll(reader, request);
            if (budget.Entries == 0)
                throw ArchiveFailure.Corrupt($"{request.ArtifactName} contains nothing.");
            queue.Complete();
            return digest;
        });
        var hashing = format.Container is ArchiveContainer.Zip or ArchiveContainer.SevenZip
            ? work.RunAsync(() => ArtifactHash.Compute(file.SafeFileHandle, stop.Token))
            : reading;
        await Task.WhenAll(reading, hashing, writing);
        work.ThrowFirst(cancellationToken);

        var seen = await hashing ?? throw new InvalidOperationException("Reading ended without failure and without a digest.");
        CheckDigest(request, seen, cause: null);
        await work.RunAsync(() => Write(tree, () => tree.Finish(stop.Token)));
        work.ThrowFirst(cancellationToken);
        return new ExtractionResult(seen, budget.Bytes, budget.Entries);
    }

    private static ArchiveFormat DetectFormat(FileStream file, string artifactName)
    {
        var head = new byte[ArchiveFormatDetector.HeadLength];
        var count = RandomAccess.Read(file.SafeFileHandle, head, fileOffset: 0);
        return ArchiveFormatDetector.Detect(head.AsSpan(0, count), artifactName);
    }

    private static Digest? ReadAll(ArtifactReader reader, ExtractionRequest request)
    {
        try
        {
            return reader.Read();
        }
        catch (IOException exception)
        {
            throw ArchiveFailure.Corrupt($"{request.ArchivePath} cannot be read: {exception.Message}", exception);
        }
    }

    private static object? Write(ReleaseTree tree, Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception, tree.CurrentPath);
        }
    }

    private static FileStream OpenArchive(ExtractionRequest request)
    {
        try
        {
            return new FileStream(request.ArchivePath, new FileStreamOptions { Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveFailure.Corrupt($"{request.ArchivePath} cannot be read: {exception.Message}", exception);
        }
    }

    private static void CheckDigest(ExtractionRequest request, Digest seen, Exception? cause)
    {
        if (request.ExpectedDigest is { } expected && expected != seen)
        {
            throw new DewyException(ErrorCode.ChecksumMismatch, $"{request.ArchivePath} is not what was verified: expected {expected}, found {seen}.", cause)
            {
                Phase = ArchiveFailure.Phase,
                Target = request.ArchivePath,
                NextStep = "The file changed after it was fetched: check the disk and who may write to the cache, then deploy again to fetch it anew.",
            };
        }
    }

    /// <summary>The parts that read an archive know its bytes, not its name; a person needs both.</summary>
    private static DewyException Named(DewyException exception, string artifactName) =>
        new(exception.Code, $"{artifactName}: {exception.Message}", exception.InnerException)
        {
            Phase = exception.Phase,
            Target = exception.Target ?? artifactName,
            NextStep = exception.NextStep,
        };

    private static bool IsAboutContent(DewyException exception) =>
        exception.Code is ErrorCode.ArchiveCorrupt or ErrorCode.ArchiveUnsupported or ErrorCode.ArchiveUnsafe or ErrorCode.ArchiveBomb;

    private static DewyException Explain(Exception exception, string path) =>
        DiskFailure.Explain(exception, path, ArchiveFailure.Phase)
        ?? new DewyException(ErrorCode.Unexpected, $"{path} could not be written: {exception.Message}", exception)
        {
            Phase = ArchiveFailure.Phase,
            Target = path,
            NextStep = "Check that the file system of the root takes files of this name and kind.",
        };
}
