namespace Dewy.Engine.Registries.Buckets;

/// <summary>Under which condition an object is written.</summary>
internal sealed record BucketCondition
{
    private BucketCondition()
    {
    }

    /// <summary>Whatever is there.</summary>
    public static BucketCondition None { get; } = new();

    /// <summary>Only where there is no such object.</summary>
    public static BucketCondition Absent { get; } = new() { MustBeAbsent = true };

    public bool MustBeAbsent { get; private init; }

    /// <summary>The validator the object must have.</summary>
    public string? Validator { get; private init; }

    /// <summary>Only where the object still has this validator.</summary>
    public static BucketCondition Has(string validator) => new() { Validator = validator };
}
