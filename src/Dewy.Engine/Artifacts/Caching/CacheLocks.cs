using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>
/// Keeps processes that share a cache directory apart: 256 lock files, one of which each key falls on. They are never
/// removed, so nobody can hold a lock on a file that is gone; the system lets go of a lock when its holder dies.
/// </summary>
internal sealed class CacheLocks(string cacheDirectory, TimeSpan longestWait, TimeProvider timeProvider)
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _directory = Path.Combine(cacheDirectory, ".locks");

    /// <summary>The lock a key falls on; keys that differ in case only share one, as they may share a file.</summary>
    public static string SlotOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToUpperInvariant())).AsSpan(0, 1));

    /// <summary>Whether a text names a lock.</summary>
    public static bool IsSlot(string text) => text.Length == 2 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Waits for a key's lock; disposing the handle lets go.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.Timeout"/>: another process held it all the time.</exception>
    public async Task<SafeFileHandle> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetTimestamp();
        while (true)
        {
            if (TryAcquireSlot(SlotOf(key)) is { } handle)
                return handle;
            if (timeProvider.GetElapsedTime(begun) >= longestWait)
                throw Overdue(key);
            await Task.Delay(PollInterval, timeProvider, cancellationToken);
        }
    }

    /// <summary>The lock, or null where somebody else holds it.</summary>
    public SafeFileHandle? TryAcquireSlot(string slot)
    {
        var path = Path.Combine(_directory, slot);
        try
        {
            Directory.CreateDirectory(_directory);
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is WouldBlockLinux or WouldBlockMac or WindowsSharingViolation)
        {
            return null;
        }
    }

    private DewyException Overdue(string key) =>
        new(ErrorCode.Timeout, $"Another process was busy with the cache entry {key} in {cacheDirectory} for more than {longestWait:c}.")
        {
            Phase = "fetch",
            Target = cacheDirectory,
            NextStep = "End the process that hangs, or give this agent a cache directory of its own.",
        };
}
