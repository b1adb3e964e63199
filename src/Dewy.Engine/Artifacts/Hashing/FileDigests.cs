namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>Hashes a file on disk.</summary>
internal static class FileDigests
{
    /// <summary>Reads the file once and hashes it meanwhile.</summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static async Task<ContentDigests> ComputeAsync(string path, IEnumerable<string> algorithms, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var hasher = new ContentHasher(algorithms);
        await using (var pipeline = new HashingPipeline(hasher))
        {
            long position = 0;
            while (true)
            {
                var buffer = await pipeline.RentAsync(cancellationToken);
                var length = await RandomAccess.ReadAsync(file, buffer, position, cancellationToken);
                if (length == 0)
                    break;
                pipeline.Hash(buffer, length);
                position += length;
            }
        }

        return hasher.Finish();
    }
}
