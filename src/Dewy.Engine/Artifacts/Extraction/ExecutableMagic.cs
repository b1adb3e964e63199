using System.Buffers.Binary;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Recognizes programs by their first bytes.</summary>
internal static class ExecutableMagic
{
    /// <summary>True for ELF, Mach-O (thin and universal), PE and scripts with <c>#!</c>.</summary>
    public static bool IsExecutable(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("#!"u8) || head.StartsWith("MZ"u8) || head.StartsWith("\x7fELF"u8))
            return true;
        return head.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(head) switch
        {
            0xFEEDFACE or 0xFEEDFACF or 0xCEFAEDFE or 0xCFFAEDFE => true,

            // A universal binary shares its magic with Java class files, which have a version of 45 or more where it has its (few) architectures.
            0xCAFEBABE or 0xCAFEBABF => BinaryPrimitives.ReadUInt32BigEndian(head[4..]) < 40,
            _ => false,
        };
    }
}
