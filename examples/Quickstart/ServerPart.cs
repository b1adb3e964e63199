namespace Dewy.Quickstart;

/// <summary>
/// Releases the program as v1.0.0 and then v1.1.0 into a folder and lets the agent keep it at its newest release; both
/// versions inherit the same listening socket.
/// </summary>
internal sealed class ServerPart(WebProgram program, DirectoryInfo folder)
{
    /// <summary>True where no request failed.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var registry = new FolderRegistry(folder.CreateSubdirectory("registry").FullName, program);
        var port = LoopbackPort.Find();
        var options = new OptionSet()
            .Add("registry", $"file://{registry.Path}")
            .Add("root", folder.CreateSubdirectory("app").FullName)
            .Add("port", $"127.0.0.1:{port}")
            .Add("interval", "1")
            .Add("health-path", "/health")
            .Add("command", WebProgram.Host)
            .Add("command", $"./current/{WebProgram.Dll}");
        return await Journey.RunAsync(options, port, registry.Release, cancellationToken);
    }
}
