namespace Dewy.Engine.Registries.Buckets;

/// <summary>A shared bucket cannot be used at the moment. It was told already; whoever catches it does without the bucket.</summary>
internal sealed class BucketUnusableException(Exception cause) : Exception(cause.Message, cause);
