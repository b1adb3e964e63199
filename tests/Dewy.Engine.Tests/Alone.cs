using Xunit;

namespace Dewy.Engine.Tests;

/// <summary>Tests that would starve others of processor time, or of the disk.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
