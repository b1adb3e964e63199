using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Dewy.Engine.Processes;

/// <summary>
/// Looks into a program file for what the kernel will not find: the interpreter of a script (execve(2)), the loader of a
/// dynamic ELF program, a foreign architecture. Anything it does not understand is left for the kernel to judge.
/// </summary>
internal static class ExecutableFile
{
    /// <summary>As much of a file's beginning as a script's first line and an ELF program's headers need.</summary>
    private const int HeadBytes = 4096;

    private const int InterpreterSegment = 3; // PT_INTERP

    /// <exception cref="DewyException"><see cref="ErrorCode.CommandNotExecutable"/>.</exception>
    public static void Check(string path)
    {
        var head = ReadHead(path);
        if (head is [0x23, 0x21, ..]) // #!
            CheckScript(path, head);
        else if (OperatingSystem.IsLinux() && head is [0x7F, 0x45, 0x4C, 0x46, 2, 1, ..] && head.Length >= 64) // ELF, 64 bit, little-endian
            CheckElf(path, head);
    }

    private static byte[] ReadHead(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var head = new byte[HeadBytes];
            return head[..stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // a program may be executable and yet unreadable
        }
    }

    private static void CheckScript(string path, byte[] head)
    {
        var line = Encoding.UTF8.GetString(head, 2, head.Length - 2).Split('\n', 2)[0];
        var interpreter = line.Trim(' ', '\t').Split(' ', '\t')[0];
        if (interpreter.EndsWith('\r'))
            throw Refused(path, $"{path} has Windows line endings, so that its interpreter would be looked for with a carriage return in its name.", "Save the script with Unix line endings.");
        if (interpreter.Length == 0)
            throw Refused(path, $"{path} begins with #! but names no interpreter.", "Name one in its first line, such as #!/bin/sh.");
        if (Path.IsPathRooted(interpreter) && !File.Exists(interpreter))
            throw Refused(path, $"{path} needs the interpreter {interpreter}, which does not exist on this host.", $"Install {Path.GetFileName(interpreter)}, or correct the first line of the script.");
        if (Path.IsPathRooted(interpreter) && Libc.Access(interpreter, Libc.ExecutePermission) != 0)
            throw Refused(path, $"{path} needs the interpreter {interpreter}, which is not executable.", "Correct the permission of the interpreter.");
    }

    // Offsets: System V ABI, ELF-64 header and program header.
    private static void CheckElf(string path, byte[] head)
    {
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18));
        if (IsForeign(machine) && !HasEmulators())
            throw Refused(path, $"{path} was built for {MachineName(machine)}; this host is {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}.", "Choose the artifact for this architecture (artifact= in the registry URL).");

        var table = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(54)), count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56));
        for (var index = 0; index < count && size >= 56 && table + (ulong)((index + 1) * size) <= (ulong)head.Length; index++)
        {
            var entry = head.AsSpan((int)table + (index * size));
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != InterpreterSegment)
                continue;
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), length = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            if (length is 0 || length > HeadBytes || offset > (ulong)head.Length - Math.Min(length, (ulong)head.Length))
                return;
            var loader = Encoding.UTF8.GetString(head, (int)offset, (int)length).TrimEnd('\0');
            if (!File.Exists(loader))
                throw Refused(path, $"{path} needs the loader {loader}, which does not exist on this host.", "Choose the artifact for this host's C library (musl or glibc), or a statically linked one.");
            return;
        }
    }

    private static bool IsForeign(ushort machine) => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => machine is not (62 or 3),
        Architecture.Arm64 => machine is not (183 or 40),
        _ => false,
    };

    private static string MachineName(ushort machine) => machine switch
    {
        3 => "x86",
        40 => "arm",
        62 => "x64",
        183 => "arm64",
        243 => "riscv64",
        _ => $"another architecture (ELF machine {machine})",
    };

    /// <summary>Whether binfmt_misc knows formats of its own, as where qemu runs other architectures' programs.</summary>
    private static bool HasEmulators()
    {
        const string registrations = "/proc/sys/fs/binfmt_misc";
        return Directory.Exists(registrations)
            && Directory.EnumerateFiles(registrations).Any(file => Path.GetFileName(file) is not ("register" or "status"));
    }

    private static DewyException Refused(string path, string message, string nextStep) =>
        new(ErrorCode.CommandNotExecutable, message) { Phase = "start", Target = path, NextStep = nextStep };
}
