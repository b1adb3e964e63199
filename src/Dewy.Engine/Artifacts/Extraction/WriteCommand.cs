namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>One step for the thread that writes: begin an entry, write some of its content, end it; small files are all three at once.</summary>
/// <param name="Entry">The entry that begins; null in the middle of one.</param>
/// <param name="Buffer">A pooled buffer with content; null for none.</param>
/// <param name="Count">Bytes in use in <paramref name="Buffer"/>.</param>
/// <param name="Ends">True when the file is complete with this.</param>
internal readonly record struct WriteCommand(TreeEntry? Entry, byte[]? Buffer, int Count, bool Ends);
