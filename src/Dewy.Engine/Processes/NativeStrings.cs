using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>A null-terminated array of UTF-8 strings, as <c>argv</c> and <c>envp</c> are.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;
    private byte** _strings;

    public NativeStrings(IReadOnlyCollection<string> strings)
    {
        if (strings.Any(text => text.Contains('\0', StringComparison.Ordinal)))
            throw new DewyException(ErrorCode.StartFailed, "An argument or environment variable contains a NUL character, which no program can be given.")
            {
                Phase = "start",
                NextStep = "Remove it from the command or the environment.",
            };
        _count = strings.Count;
        _strings = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        var next = _strings;
        foreach (var text in strings)
            *next++ = (byte*)Marshal.StringToCoTaskMemUTF8(text);
    }

    public byte** Pointer => _strings;

    public void Dispose()
    {
        if (_strings is null)
            return;
        for (var index = 0; index < _count; index++)
            Marshal.FreeCoTaskMem((nint)_strings[index]);
        NativeMemory.Free(_strings);
        _strings = null;
    }
}
