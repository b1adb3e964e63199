namespace Dewy.Engine.Releases;

/// <summary>How much the files of a release say about platforms. It decides what a file is for that names no operating system.</summary>
internal enum PlatformNaming
{
    /// <summary>Some name an operating system: one that does not is for none that is known, such as the source.</summary>
    Systems = 0,

    /// <summary>None names an operating system, some an architecture: the manner of projects for Linux alone (<c>runc.arm64</c>).</summary>
    Architectures,

    /// <summary>None names anything: a web site, a plugin, a program for an interpreter, which are for every platform.</summary>
    Nothing,
}
