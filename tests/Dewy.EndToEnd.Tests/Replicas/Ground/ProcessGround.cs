using System.Diagnostics;
using System.Globalization;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>Replicas as processes, released through a folder.</summary>
internal sealed class ProcessGround : ReplicaGround
{
    private readonly ReplicaProgram _program;
    private readonly ReleaseFolder _folder;
    private readonly string _root;

    public ProcessGround(ReplicaProgram program, string directory, string root)
    {
        if (program == ReplicaProgram.Small)
            Component.Program("perl");
        _program = program;
        _root = root;
        _folder = new ReleaseFolder(Directory.CreateDirectory(Path.Combine(directory, "registry")).FullName);
    }

    public override string Registry => _folder.Url;

    public override string Command => "server";

    public override string ArgumentsOption => "command";

    public override IEnumerable<(string Name, string Value)> Options => [("handoff", "proxy"), ("stop-timeout", "10s")];

    public override IReadOnlyList<string> Arguments(string? greeting) => [_program.Interpreter.Host, $"./current/{_program.Script}", .. greeting is null ? (string[])[] : [greeting]];

    public override string Listen(int port, int index) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public override Task PublishAsync(string tag, Behaviour? behaviour = null)
    {
        _folder.Publish(tag, ReleaseFolder.Pack([.. _program.FilesOfRelease(tag, behaviour), .. _program.Files]));
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<ReplicaInstance>> InstancesAsync() => Task.FromResult<IReadOnlyList<ReplicaInstance>>(
        [.. ProgramProcesses.Of(_root).Select(id => new ReplicaInstance(string.Create(CultureInfo.InvariantCulture, $"{id}"), ProgramProcesses.TagOf(id)))]);

    public override async Task SignalAsync(ReplicaInstance instance, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", instance.Id]);
        await kill.WaitForExitAsync();
    }

    public override ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsLinux())
            ProgramProcesses.Kill(_root);
        return ValueTask.CompletedTask;
    }
}
