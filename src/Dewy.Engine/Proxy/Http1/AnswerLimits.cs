namespace Dewy.Engine.Proxy.Http1;

/// <summary>The most that a backend may send besides bodies, which are streamed and of any size. What goes beyond is malformed.</summary>
internal static class AnswerLimits
{
    /// <summary>Bytes of the status line and all fields of one answer.</summary>
    public const int HeadBytes = 64 * 1024;

    /// <summary>Fields of one answer, and of its trailers.</summary>
    public const int Fields = 256;

    /// <summary>Informational answers (1xx) before the final one.</summary>
    public const int Informational = 16;

    /// <summary>Bytes of the line before a chunk: its size and extensions.</summary>
    public const int ChunkLineBytes = 1024;

    /// <summary>Bytes of all trailers.</summary>
    public const int TrailerBytes = 16 * 1024;
}
