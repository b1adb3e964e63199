using System.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class ProcessStarterTests
{
    [Fact]
    public async Task Start_Shell_GivesOutputErrorAndExitCode()
    {
        Require.Unix();
        var (output, error, exit) = await Children.RunAsync(Children.Shell("echo out; echo err >&2; exit 3"));
        Assert.Equal("out\n", output);
        Assert.Equal("err\n", error);
        Assert.Equal(3, exit.Code);
        Assert.Null(exit.Signal);
    }

    [Fact]
    public async Task Start_WorkingDirectory_IsTheChilds()
    {
        Require.Unix();
        using var directory = new TemporaryDirectory();
        var (output, _, _) = await Children.RunAsync(Children.Shell("pwd -P", directory.Path));
        Assert.Equal(directory.Path, output.Trim());
    }

    [Fact]
    public async Task Start_Environment_IsExactlyWhatWasGiven()
    {
        Require.Unix();
        var start = Children.Shell("") with { Program = Require.Program("env"), Arguments = [], Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ONLY"] = "thé" } };
        var (output, _, _) = await Children.RunAsync(start);
        Assert.Equal("ONLY=thé\n", output);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Start_Arguments_ArriveUntouched(bool gated, bool listenPid)
    {
        Require.Unix();
        string[] arguments = ["a b", "", "$HOME", "'\"", "é\n", "-x"];
        var start = Children.Shell("") with { Program = Require.Program("printf"), Arguments = ["[%s]", .. arguments], Gated = gated, SetListenPid = listenPid };
        var (output, _, _) = await Children.RunAsync(start);
        Assert.Equal(string.Concat(arguments.Select(argument => $"[{argument}]")), output);
    }

    [Fact]
    public async Task Start_StandardInput_IsReadToItsEnd()
    {
        Require.Unix();
        var input = new byte[ProcessStart.LargestStandardInput];
        Array.Fill(input, (byte)'x');
        var (output, _, exit) = await Children.RunAsync(Children.Shell("cat") with { StandardInput = input });
        Assert.Equal((new string('x', input.Length), 0), (output, exit.Code));
    }

    [Fact]
    public async Task Start_StandardInputNobodyReads_HoldsUpNobody()
    {
        Require.Unix();
        var (output, _, _) = await Children.RunAsync(Children.Shell("echo done") with { StandardInput = new byte[ProcessStart.LargestStandardInput] });
        Assert.Equal("done\n", output);
    }

    [Fact]
    public async Task Start_NoStandardInput_IsEmpty()
    {
        Require.Unix();
        var (output, _, _) = await Children.RunAsync(Children.Shell("wc -c"));
        Assert.Equal("0", output.Trim());
    }

    [Fact]
    public void Start_StandardInputThatCannotBe_IsRefused()
    {
        Require.Unix();
        Assert.Throws<ArgumentException>(() => Children.Starter.Start(Children.Shell("cat") with { StandardInput = new byte[ProcessStart.LargestStandardInput + 1] }));
        Assert.Throws<ArgumentException>(() => Children.Starter.Start(Children.Shell("cat") with { StandardInput = new byte[1], Gated = true }));
        Assert.Throws<ArgumentException>(() => Children.Starter.Start(Children.Shell("cat") with { StandardInput = new byte[1], SetListenPid = true }));
    }

    [Fact]
    public async Task Start_SetListenPid_IsTheProgramsOwnId()
    {
        Require.Unix();
        await using var child = Children.Starter.Start(Children.Shell("echo $$ $LISTEN_PID") with { SetListenPid = true });
        Assert.Equal($"{child.Id} {child.Id}", await Children.ReadLineAsync(child.StandardOutput));
    }

    [Fact]
    public async Task Start_OutputFile_IsAppendedToByBothStreams()
    {
        Require.Unix();
        using var directory = new TemporaryDirectory();
        var file = directory.Combine("app.log");
        await File.WriteAllTextAsync(file, "before\n", TestContext.Current.CancellationToken);
        await Children.RunAsync(Children.Shell("echo out; echo err >&2") with { OutputFile = file });
        Assert.Equal("before\nout\nerr\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Start_OutputFileInMissingDirectory_NamesTheFile()
    {
        Require.Unix();
        var failure = Assert.Throws<DewyException>(() => Children.Starter.Start(Children.Shell("true") with { OutputFile = "/nowhere/app.log" }));
        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.Equal("/nowhere/app.log", failure.Target);
    }

    [Fact]
    public async Task Start_StandardInput_IsEmpty()
    {
        Require.Unix();
        var (output, _, exit) = await Children.RunAsync(Children.Shell("cat; echo end"));
        Assert.Equal("end\n", output);
        Assert.Equal(0, exit.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_Signals_AreAtTheirDefaultsAndUnblocked(bool gated)
    {
        Require.Linux();
        // The runtime ignores SIGPIPE, and this test host may have handlers for others.
        var (output, _, _) = await Children.RunAsync(Children.Shell("grep -E '^Sig(Blk|Ign)' /proc/self/status") with { Gated = gated });
        var sets = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Convert.ToUInt64(line.Split('\t')[1], 16)).ToList();
        const ulong ownOfTheCLibrary = 0x1_8000_0000; // 32 and 33, which glibc ignores in whatever it spawns
        Assert.Equal([0, 0], sets.Select(set => set & ~ownOfTheCLibrary));
    }

    [Fact]
    public async Task Start_Child_LeadsItsOwnGroup()
    {
        Require.Linux();
        await using var child = Children.Starter.Start(Children.Shell("echo up; exec sleep 60"));
        await Children.ReadLineAsync(child.StandardOutput);
        Assert.Equal(child.Id, ProcessStatus.Read(child.Id)?.GroupId);
        child.Signal(9);
    }

    [Fact]
    public async Task Signal_Group_ReachesGrandchildren()
    {
        Require.Linux();
        await using var child = Children.Starter.Start(Children.Shell("sleep 60 & echo $!; wait"));
        var grandchild = int.Parse(await Children.ReadLineAsync(child.StandardOutput));
        child.Signal(15);
        var exit = await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(15, exit.Signal);
        Assert.Null(exit.Code);
        await Eventually.IsTrueAsync(() => ProcessStatus.Read(grandchild) is null or { HasEnded: true }, "the grandchild ended");
    }

    [Fact]
    public async Task Signal_LeaderGone_StillReachesItsGroup()
    {
        Require.Linux();
        await using var child = Children.Starter.Start(Children.Shell("sleep 60 >/dev/null 2>&1 & echo $!"));
        var grandchild = int.Parse(await Children.ReadLineAsync(child.StandardOutput));
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        child.Signal(9);
        await Eventually.IsTrueAsync(() => ProcessStatus.Read(grandchild) is null or { HasEnded: true }, "the grandchild ended");
    }

    [Fact]
    public async Task Signal_ProcessGone_DoesNothing()
    {
        Require.Unix();
        await using var child = Children.Starter.Start(Children.Shell("exit 0"));
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        child.Signal(15);
        Assert.Equal(0, (await child.Exited).Code);
    }

    [Fact]
    public async Task Release_GatedChild_BeginsOnlyThen()
    {
        Require.Unix();
        using var directory = new TemporaryDirectory();
        var mark = directory.Combine("ran");
        await using var child = Children.Starter.Start(Children.Shell($"echo $$ > {mark}; cat") with { Gated = true });
        await Eventually.IsTrueAsync(() => IsWaiting(child.Id), "the child waits at its gate");
        Assert.False(File.Exists(mark));
        Assert.False(child.Exited.IsCompleted);
        child.Release();
        Assert.Equal(0, (await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken)).Code);
        Assert.Equal($"{child.Id}", (await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task Gate_AgentGoneBeforeRelease_ChildEndsWithoutRunning()
    {
        Require.Unix();
        using var directory = new TemporaryDirectory();
        var mark = directory.Combine("ran");
        var child = Children.Starter.Start(Children.Shell($"touch {mark}") with { Gated = true });
        await child.DisposeAsync(); // closes the gate, as the death of the agent does
        Assert.Equal(125, (await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken)).Code);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task Exited_ManyQuickChildren_LeavesNoDescriptorsAndNoZombies()
    {
        Require.Linux();
        await RunOneAsync();
        var before = Directory.GetFiles("/proc/self/fd").Length;
        var ids = new List<int>();
        for (var round = 0; round < 25; round++)
            ids.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RunOneAsync())));
        Assert.All(ids, id => Assert.False(Directory.Exists($"/proc/{id}") && ProcessStatus.Read(id) is { HasEnded: true }, $"{id} is a zombie"));
        await Eventually.IsTrueAsync(() => Directory.GetFiles("/proc/self/fd").Length < before + 100, "descriptors of 500 children are closed again");

        static async Task<int> RunOneAsync()
        {
            await using var child = Children.Starter.Start(Children.Shell("exit 7"));
            Assert.Equal(7, (await child.Exited.WaitAsync(Children.Limit)).Code);
            return child.Id;
        }
    }

    [Fact]
    public async Task Exited_BesideChildrenOfTheRuntime_BothLearnTheirOwnCodes()
    {
        Require.Unix();
        var tasks = Enumerable.Range(0, 40).Select(async index =>
        {
            if (index % 2 == 0)
            {
                using var process = Process.Start("/bin/sh", ["-c", $"exit {index}"]);
                await process.WaitForExitAsync();
                return (index, process.ExitCode);
            }

            await using var child = Children.Starter.Start(Children.Shell($"exit {index}"));
            return (index, (await child.Exited.WaitAsync(Children.Limit)).Code);
        });
        Assert.All(await Task.WhenAll(tasks), pair => Assert.Equal(pair.index, pair.Item2));
    }

    [Fact]
    public async Task StandardOutput_SilentChildren_HoldNoThreadOfThePool()
    {
        Require.Unix();
        var children = Enumerable.Range(0, 50).Select(_ => Children.Starter.Start(Children.Shell("exec sleep 60"))).ToList();
        try
        {
            var reads = children.Select(child => child.StandardOutput!.ReadAsync(new byte[1]).AsTask()).ToList(); // output is piped
            var answered = await Task.Run(() => true, TestContext.Current.CancellationToken);
            Assert.True(answered);
            Assert.True(ThreadPool.ThreadCount < 40, $"{ThreadPool.ThreadCount} threads for 50 silent children");
            Assert.All(reads, read => Assert.False(read.IsCompleted));
            children.ForEach(child => child.Signal(9));
            Assert.All(await Task.WhenAll(reads), count => Assert.Equal(0, count));
        }
        finally
        {
            foreach (var child in children)
            {
                child.Signal(9);
                await child.DisposeAsync();
            }
        }
    }

    private static bool IsWaiting(int processId) =>
        !OperatingSystem.IsLinux() || (ProcessStatus.Read(processId)?.State == 'S' && File.ReadAllText($"/proc/{processId}/cmdline").StartsWith("sh\0-c\0read", StringComparison.Ordinal));
}
