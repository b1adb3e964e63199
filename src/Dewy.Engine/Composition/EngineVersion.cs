using System.Reflection;

namespace Dewy.Engine.Composition;

/// <summary>The version this was built as.</summary>
public static class EngineVersion
{
    /// <summary>Version, and the source revision's first seven digits (<c>unknown</c> where the build had none).</summary>
    public static (string Version, string Commit) Current { get; } = Read();

    private static (string Version, string Commit) Read()
    {
        // The SDK writes "1.2.3+<revision>" where the build knows the revision.
        var text = typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (text, "unknown") : (text[..plus], text[(plus + 1)..Math.Min(text.Length, plus + 8)]);
    }
}
