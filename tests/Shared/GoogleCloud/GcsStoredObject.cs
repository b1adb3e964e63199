namespace Dewy.Tests.GoogleCloud;

/// <summary>An object of a <see cref="GcsServer"/>.</summary>
/// <param name="Key">The whole name.</param>
/// <param name="Content">The bytes as they are stored.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="At">When it was written.</param>
/// <param name="IsPacked">Whether it is stored with <c>Content-Encoding: gzip</c>.</param>
internal sealed record GcsStoredObject(string Key, byte[] Content, long Generation, DateTimeOffset At, bool IsPacked = false);
