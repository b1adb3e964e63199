using System.Net;
using System.Net.Sockets;
using Dewy;
using Dewy.Engine.Composition;
using Dewy.Quickstart;

// Releases a small web program as v1.0.0 and then v1.1.0 into a folder registry, lets the real agent keep it at its
// newest release, and sends requests all the time: none may fail.

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(80));
var folder = Directory.CreateTempSubdirectory("dewy-quickstart-");
try
{
    var registry = new FolderRegistry(folder.CreateSubdirectory("registry").FullName, Path.Combine(AppContext.BaseDirectory, "program"));
    var root = folder.CreateSubdirectory("app").FullName;
    var port = FreePort();
    var options = new OptionSet()
        .Add("registry", $"file://{registry.Path}")
        .Add("root", root)
        .Add("port", $"127.0.0.1:{port}")
        .Add("interval", "1")
        .Add("health-path", "/health")
        .Add("command", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        .Add("command", "./current/web.dll");

    Say("releasing v1.0.0");
    registry.Release("v1.0.0");
    var story = new Story(Say);
    await using var agent = DewyEngine.Create().CreateAgent(options, story);
    using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
    var running = agent.RunAsync(stop.Token);

    await Task.WhenAny(story.ServedAsync("v1.0.0", limit.Token), running);
    if (running.IsCompleted)
        await running;

    Say($"sending requests to http://127.0.0.1:{port}/ from now on");
    await using var load = new Load(new Uri($"http://127.0.0.1:{port}/"));
    await load.AnswersAsync("v1.0.0", 400, limit.Token);
    Say("releasing v1.1.0");
    registry.Release("v1.1.0");
    await load.AnswersAsync("v1.1.0", 400, limit.Token);
    await load.StopAsync();
    Say("stopping the agent");
    await stop.CancelAsync();
    await running;

    Console.WriteLine();
    Console.WriteLine($"versions seen:   {string.Join(", ", load.Versions.Select(seen => $"{seen.Key} ({seen.Value} answers)"))}");
    Console.WriteLine($"requests sent:   {load.Sent}");
    Console.WriteLine($"requests failed: {load.Failed}");
    foreach (var failure in load.Failures)
        Console.WriteLine($"  {failure}");
    return load.Failed == 0 ? 0 : 1;
}
catch (DewyException exception)
{
    Console.Error.WriteLine($"{exception.Message} {exception.NextStep}");
    return (int)exception.ExitCode;
}
finally
{
    folder.Delete(recursive: true);
}

static void Say(string text) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {text}");

static int FreePort()
{
    using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return ((IPEndPoint)(probe.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address."))).Port;
}
