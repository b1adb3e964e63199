namespace Dewy.Engine.Releases;

/// <summary>The C library programs are linked with.</summary>
internal enum CLibrary
{
    /// <summary>Not known, or of no matter on this operating system.</summary>
    Unknown = 0,

    /// <summary>glibc; on Windows MinGW.</summary>
    Gnu,

    Musl,

    /// <summary>The one of Microsoft's compiler, Windows only.</summary>
    Msvc,

    /// <summary>Linked in: any will do.</summary>
    Static,
}
