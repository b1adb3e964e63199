namespace Dewy.Engine.Registries.Buckets;

/// <summary>An object to open.</summary>
/// <param name="Key">Its whole name.</param>
/// <param name="FileName">The name of the file it holds, for messages.</param>
/// <param name="Size">Its size in bytes, where the listing told.</param>
internal sealed record BucketObjectName(string Key, string FileName, long? Size);
