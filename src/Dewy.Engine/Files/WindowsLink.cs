using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Files;

/// <summary>What Windows needs beside .NET for links: junctions, and a rename over an existing directory link.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsLink
{
    /// <summary>Creates a junction: a directory link every user may create.</summary>
    /// <param name="link">Absolute path; nothing may be there.</param>
    /// <param name="target">Absolute path of a directory on a local volume.</param>
    /// <remarks>Layout of the mount point buffer: [MS-FSCC] 2.1.2.5.</remarks>
    public static void CreateJunction(string link, string target)
    {
        const uint setReparsePoint = 0x000900A4; // FSCTL_SET_REPARSE_POINT
        Directory.CreateDirectory(link);
        try
        {
            using var handle = Open(link, access: 0x40000000 /* GENERIC_WRITE */);
            var buffer = MountPointBuffer(target);
            if (!DeviceIoControl(handle, setReparsePoint, buffer, buffer.Length, IntPtr.Zero, 0, out _, IntPtr.Zero))
                throw Failure(link);
        }
        catch
        {
            Directory.Delete(link);
            throw;
        }
    }

    /// <summary>
    /// Renames a link over another one in one step, with POSIX semantics (FileRenameInfoEx; NTFS since Windows 10 1709).
    /// File systems without it get the two steps there are: remove, rename.
    /// </summary>
    public static void RenameOver(string from, string to)
    {
        if (TryRenamePosix(from, to))
            return;
        if (Directory.Exists(from))
        {
            if (new DirectoryInfo(to).LinkTarget is not null)
                Directory.Delete(to);
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }
    }

    private static bool TryRenamePosix(string from, string to)
    {
        const int renameInformationEx = 22; // FileRenameInfoEx
        const int replaceIfExists = 1, posixSemantics = 2;
        using var handle = Open(from, access: 0x00010000 | 0x00100000 /* DELETE | SYNCHRONIZE */);

        // FILE_RENAME_INFO: flags (padded to a pointer's size), root directory, length in bytes, name.
        var name = Encoding.Unicode.GetBytes(Path.GetFullPath(to));
        var lengthAt = 2 * IntPtr.Size;
        var buffer = new byte[lengthAt + sizeof(int) + name.Length + sizeof(char)];
        BinaryPrimitives.WriteInt32LittleEndian(buffer, replaceIfExists | posixSemantics);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(lengthAt), name.Length);
        name.CopyTo(buffer, lengthAt + sizeof(int));
        return SetFileInformationByHandle(handle, renameInformationEx, buffer, buffer.Length);
    }

    private static byte[] MountPointBuffer(string target)
    {
        const int headerLength = 16;
        var substitute = Encoding.Unicode.GetBytes(@"\??\" + target);
        var print = Encoding.Unicode.GetBytes(target);
        var buffer = new byte[headerLength + substitute.Length + print.Length + (2 * sizeof(char))];
        var span = buffer.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, 0xA0000003); // IO_REPARSE_TAG_MOUNT_POINT
        BinaryPrimitives.WriteUInt16LittleEndian(span[4..], (ushort)(buffer.Length - 8));
        BinaryPrimitives.WriteUInt16LittleEndian(span[10..], (ushort)substitute.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(span[12..], (ushort)(substitute.Length + sizeof(char)));
        BinaryPrimitives.WriteUInt16LittleEndian(span[14..], (ushort)print.Length);
        substitute.CopyTo(span[headerLength..]);
        print.CopyTo(span[(headerLength + substitute.Length + sizeof(char))..]);
        return buffer;
    }

    private static SafeFileHandle Open(string path, uint access)
    {
        const uint shareAll = 7, openExisting = 3;
        const uint theLinkItself = 0x02000000 | 0x00200000; // FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT
        var handle = CreateFile(path, access, shareAll, IntPtr.Zero, openExisting, theLinkItself, IntPtr.Zero);
        return handle.IsInvalid ? throw Failure(path) : handle;
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", unchecked((int)0x80070000) | error);
    }

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(string path, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool DeviceIoControl(SafeFileHandle handle, uint code, byte[] input, int inputLength, IntPtr output, int outputLength, out int returned, IntPtr overlapped);

    [LibraryImport("kernel32", EntryPoint = "SetFileInformationByHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetFileInformationByHandle(SafeFileHandle handle, int informationClass, byte[] information, int length);
}
