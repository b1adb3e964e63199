using System.Runtime.InteropServices;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Makes hard links, which the platform's class library cannot.</summary>
internal static partial class HardLink
{
    private const int WindowsHResult = unchecked((int)0x80070000);

    /// <summary>Gives an existing file a second name. A symbolic link at <paramref name="existing"/> is not followed.</summary>
    /// <exception cref="IOException">With the errno (on Windows the HRESULT) in <see cref="Exception.HResult"/>.</exception>
    public static void Create(string existing, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!CreateHardLink(path, existing, IntPtr.Zero))
                throw Failure(path, WindowsHResult | Marshal.GetLastPInvokeError());
            return;
        }

        // link(2) follows symbolic links on macOS; linkat(2) with no flags does so nowhere.
        var currentDirectory = OperatingSystem.IsMacOS() ? -2 : -100; // AT_FDCWD
        if (LinkAt(currentDirectory, existing, currentDirectory, path, 0) != 0)
            throw Failure(path, Marshal.GetLastPInvokeError());
    }

    private static IOException Failure(string path, int code) => new($"{Marshal.GetLastPInvokeErrorMessage()}: '{path}'", code);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int fromDirectory, string from, int toDirectory, string to, int flags);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, IntPtr security);
}
