using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed class ProgramLookupTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Start_NameOnNoPath_SaysWhereItLooked()
    {
        Require.Unix();
        var failure = Fail(new() { Program = "no-such-program", WorkingDirectory = _directory.Path, Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/opt/none" } });
        Assert.Equal(ErrorCode.CommandNotFound, failure.Code);
        Assert.Contains("no-such-program", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/opt/none", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void Start_RelativePathMissing_NamesTheWholePath()
    {
        Require.Unix();
        var failure = Fail("./current/app");
        Assert.Equal(ErrorCode.CommandNotFound, failure.Code);
        Assert.Equal(_directory.Combine("current/app"), failure.Target);
    }

    [Fact]
    public void Start_DanglingLink_NamesItsTarget()
    {
        Require.Unix();
        File.CreateSymbolicLink(_directory.Combine("app"), "/nowhere/app");
        var failure = Fail("./app");
        Assert.Equal(ErrorCode.CommandNotFound, failure.Code);
        Assert.Contains("/nowhere/app", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_EmptyCommand_IsNotFound()
    {
        Require.Unix();
        Assert.Equal(ErrorCode.CommandNotFound, Fail("").Code);
    }

    [Fact]
    public void Start_Directory_IsNotExecutable()
    {
        Require.Unix();
        Directory.CreateDirectory(_directory.Combine("app"));
        var failure = Fail("./app");
        Assert.Equal(ErrorCode.CommandNotExecutable, failure.Code);
        Assert.Contains("is a directory", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_FileWithoutPermission_IsNotExecutable()
    {
        Require.Unix();
        Write("app", "#!/bin/sh\n"u8, executable: false);
        var failure = Fail("./app");
        Assert.Equal(ErrorCode.CommandNotExecutable, failure.Code);
        Assert.Contains("chmod +x", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Start_MissingInterpreter_IsNamed(bool gated)
    {
        Require.Unix();
        Write("app", "#! /opt/none/bin/ruby -w\nputs 1\n"u8);
        var failure = Fail("./app", gated);
        Assert.Equal(ErrorCode.CommandNotExecutable, failure.Code);
        Assert.Contains("/opt/none/bin/ruby", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ScriptWithWindowsLineEndings_IsExplained()
    {
        Require.Unix();
        Write("app", "#!/bin/sh\r\necho\r\n"u8);
        Assert.Contains("Windows line endings", Fail("./app").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ForeignArchitecture_IsNamed()
    {
        Require.Linux();
        Assert.SkipWhen(Directory.Exists("/proc/sys/fs/binfmt_misc") && Directory.GetFiles("/proc/sys/fs/binfmt_misc").Length > 2, "This host emulates other architectures.");
        Write("app", Elf(machine: 243, interpreter: null));
        var failure = Fail("./app");
        Assert.Equal(ErrorCode.CommandNotExecutable, failure.Code);
        Assert.Contains("riscv64", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ElfWithMissingLoader_NamesTheLoader()
    {
        Require.Linux();
        var own = File.ReadAllBytes("/proc/self/exe").AsSpan(18, 2);
        Write("app", Elf((ushort)(own[0] | (own[1] << 8)), "/lib/ld-none.so.1"));
        var failure = Fail("./app");
        Assert.Equal(ErrorCode.CommandNotExecutable, failure.Code);
        Assert.Contains("/lib/ld-none.so.1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("C library", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_FileOfNoKnownFormat_IsNotExecutable()
    {
        Require.Unix();
        Write("app", [1, 2, 3, 4]);
        Assert.Equal(ErrorCode.CommandNotExecutable, Fail("./app").Code);
    }

    [Fact]
    public void Start_MissingWorkingDirectory_IsNamed()
    {
        var failure = Fail(new() { Program = "sh", WorkingDirectory = _directory.Combine("none"), Environment = Children.Environment });
        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.Equal(_directory.Combine("none"), failure.Target);
    }

    [Fact]
    public async Task Start_FirstOnPathNotExecutable_TakesTheNext()
    {
        Require.Unix();
        Write("one/app", "#!/bin/sh\necho one\n"u8, executable: false);
        Write("two/app", "#!/bin/sh\necho two\n"u8);
        var (output, _, _) = await Children.RunAsync(new()
        {
            Program = "app",
            WorkingDirectory = _directory.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = $"{_directory.Combine("one")}:two" },
        });
        Assert.Equal("two\n", output);
    }

    [Fact]
    public async Task Start_FileBrieflyOpenForWriting_IsTriedAgain()
    {
        Require.Linux();
        File.Copy(Require.Program("true"), _directory.Combine("app"));
        await using var writer = new FileStream(_directory.Combine("app"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var starting = Task.Run(() => Children.RunAsync(new() { Program = "./app", WorkingDirectory = _directory.Path, Environment = Children.Environment }), TestContext.Current.CancellationToken);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        await writer.DisposeAsync();
        Assert.Equal(0, (await starting).Exit.Code);
    }

    public void Dispose() => _directory.Dispose();

    private static DewyException Fail(ProcessStart start)
    {
        var failure = Assert.Throws<DewyException>(() => Children.Starter.Start(start));
        Assert.Equal("start", failure.Phase);
        return failure;
    }

    private DewyException Fail(string program, bool gated = false) =>
        Fail(new ProcessStart { Program = program, WorkingDirectory = _directory.Path, Environment = Children.Environment, Gated = gated });

    private void Write(string name, ReadOnlySpan<byte> content, bool executable = true)
    {
        var path = _directory.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        File.WriteAllBytes(path, content);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The headers of an ELF-64 program: enough for whoever reads them, nothing to run.</summary>
    private static byte[] Elf(ushort machine, string? interpreter)
    {
        var file = new byte[256];
        byte[] magic = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1];
        magic.CopyTo(file, 0);
        file[16] = 2;
        BitConverter.TryWriteBytes(file.AsSpan(18), machine);
        if (interpreter is null)
            return file;
        file[32] = 64; // program headers
        file[54] = 56;
        file[56] = 1;
        file[64] = 3;
        file[64 + 8] = 128;
        file[64 + 32] = (byte)(interpreter.Length + 1);
        System.Text.Encoding.ASCII.GetBytes(interpreter).CopyTo(file, 128);
        return file;
    }
}
