namespace Dewy.Quickstart;

/// <summary>
/// Releases the program as images v1.0.0 and then v1.1.0 and lets the agent keep three containers of the newest behind its
/// proxy.
/// </summary>
internal sealed class ContainerPart(WebProgram program, EngineSocket engine, DirectoryInfo folder)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    /// <summary>True where no request failed.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var registry = await ImageRegistry.StartAsync(program, cancellationToken);
        var port = LoopbackPort.Find();
        var options = new OptionSet()
            .Add("registry", $"img://{registry.Name}")
            .Add("root", folder.CreateSubdirectory("app").FullName)
            .Add("name", $"quickstart-{Environment.ProcessId}")
            .Add("port", $"127.0.0.1:{port}")
            .Add("replicas", "3")
            .Add("interval", "1")
            .Add("health-path", "/health");

        // What comes after -- on the command line. Your image brings its own runtime; this one has nothing but the program
        // and borrows the host's, so that nothing is downloaded.
        foreach (var word in HostRuntime.RunOptions())
            options.Add("run-options", word);

        try
        {
            return await Journey.RunAsync(options, port, registry.Release, cancellationToken);
        }
        finally
        {
            using var limit = new CancellationTokenSource(CleanUpLimit);
            foreach (var image in registry.References)
                await engine.RemoveImageAsync(image, limit.Token);
        }
    }
}
