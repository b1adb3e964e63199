using Dewy;
using Dewy.Quickstart;

// Part one keeps a small web program at its newest release; part two, where a container engine answers, the same program
// as three containers behind the proxy. Requests are sent all the time: none may fail.

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(170));
var folder = Directory.CreateTempSubdirectory("dewy-quickstart-");
var program = new WebProgram(Path.Combine(AppContext.BaseDirectory, "program"));
try
{
    Narrator.Title("A program under supervision");
    var ok = await new ServerPart(program, folder.CreateSubdirectory("server")).RunAsync(limit.Token);

    using var engine = new EngineSocket();
    Narrator.Title("The same program as containers");
    if (await engine.FindObstacleAsync(limit.Token) is { } obstacle)
        Narrator.Say($"skipped: {obstacle}");
    else
        ok &= await new ContainerPart(program, engine, folder.CreateSubdirectory("container")).RunAsync(limit.Token);
    return ok ? 0 : 1;
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
