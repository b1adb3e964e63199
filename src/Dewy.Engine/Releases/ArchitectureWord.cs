namespace Dewy.Engine.Releases;

/// <summary>What a word of a file name says about the architecture.</summary>
/// <param name="Name">Canonical name (GOARCH).</param>
/// <param name="Version">ARM version (5, 6, 7) or x86-64 level (1 to 4), where the word tells.</param>
/// <param name="HardFloat">True for Debian's <c>armhf</c>, which is v7 there and v6 on Raspbian.</param>
/// <param name="Weak">True where the word only hints at an architecture, such as a number of bits, and gives way to one that names it (<c>win32-arm64</c> is ARM).</param>
/// <param name="Family">True where the word names a family of processors and no size, as <c>x86</c> and <c>arm</c>: of 32 bits where there is such a thing, of 64 on a Mac.</param>
internal sealed record ArchitectureWord(string Name, int? Version = null, bool HardFloat = false, bool Weak = false, bool Family = false)
{
    /// <summary>Stands for every architecture of the operating system, such as macOS's <c>universal</c>.</summary>
    public const string Any = "any";
}
