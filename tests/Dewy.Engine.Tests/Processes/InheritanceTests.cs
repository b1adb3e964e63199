using System.Diagnostics;
using System.Runtime.InteropServices;
using Dewy.Engine.Processes;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

/// <summary>What a child has open: exactly what it was given.</summary>
public partial class InheritanceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_ManySockets_AppearInOrderWhateverTheirNumbersWere(bool throughShell)
    {
        Require.Linux();
        // So many that numbers of sources are targets of others.
        var sockets = Enumerable.Range(0, 200).Select(_ => ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"))).ToList();
        sockets.Reverse();
        try
        {
            await using var child = Children.Starter.Start(Children.Shell("echo up; exec sleep 60") with
            {
                Sockets = [.. sockets.Select(socket => socket.Handle)],
                SetListenPid = throughShell,
                Gated = throughShell,
            });
            child.Release();
            Assert.Equal("up", await Children.ReadLineAsync(child.StandardOutput));
            for (var index = 0; index < sockets.Count; index++)
                Assert.Equal(Link("self", (int)sockets[index].Handle.DangerousGetHandle()), Link($"{child.Id}", 3 + index));
            Assert.Equal(3 + sockets.Count, Descriptors(child.Id).Count);
            child.Signal(9);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Start_DescriptorsOpenedCarelessly_AreNotInherited()
    {
        Require.Linux();
        Assert.SkipUnless(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addclosefrom_np", out _), "This C library cannot close the rest.");
        var careless = Enumerable.Range(0, 50).Select(_ => Duplicate(1)).ToList(); // without close-on-exec
        try
        {
            using var socket = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"));
            var children = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Task.Run(() => Children.Starter.Start(
                Children.Shell("echo up; exec sleep 60") with { Sockets = index % 2 == 0 ? [socket.Handle] : [] }))));
            foreach (var (child, index) in children.Select((child, index) => (child, index)))
            {
                await using (child)
                {
                    Assert.Equal("up", await Children.ReadLineAsync(child.StandardOutput));
                    Assert.Equal(index % 2 == 0 ? [0, 1, 2, 3] : [0, 1, 2], Descriptors(child.Id));
                    child.Signal(9);
                }
            }
        }
        finally
        {
            careless.ForEach(descriptor => Libc.Close(descriptor));
        }
    }

    [Fact]
    public async Task Open_ChildOfTheRuntime_DoesNotInheritTheSocket()
    {
        Require.Linux();
        using var socket = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "echo up; exec sleep 60"]) { RedirectStandardOutput = true, UseShellExecute = false })!; // a program given by path starts or throws
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var inherited = Descriptors(process.Id).Select(descriptor => Link($"{process.Id}", descriptor));
        Assert.DoesNotContain(Link("self", (int)socket.Handle.DangerousGetHandle()), inherited, StringComparer.Ordinal);
        process.Kill();
    }

    private static List<int> Descriptors(int processId) =>
        [.. Directory.GetFiles($"/proc/{processId}/fd").Select(path => int.Parse(Path.GetFileName(path))).Order()];

    private static string? Link(string process, int descriptor) => new FileInfo($"/proc/{process}/fd/{descriptor}").LinkTarget;

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
