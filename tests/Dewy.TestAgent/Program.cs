using System.Runtime.InteropServices;
using Dewy;
using Dewy.Engine.Composition;
using Dewy.TestAgent;

// The real agent in a process of its own, for tests that kill it: dewy-test-agent [--kill-at MOMENT] name=value ...
// Each event is told as one line as it happens; at the moment named the process kills itself, inside the event.

string? killAt = null;
var options = new OptionSet();
for (var index = 0; index < args.Length; index++)
{
    if (args[index] is "--kill-at")
        killAt = args[++index];
    else
        options.Add(args[index].Split('=')[0], args[index].Split('=', 2)[1]);
}

var events = new KillingSink(killAt, Console.Out);
try
{
    using var stop = new CancellationTokenSource();
    await using var agent = DewyEngine.Create().CreateAgent(options, events);
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
    await agent.RunAsync(stop.Token);
    return 0;
}
catch (DewyException exception)
{
    Console.Error.WriteLine($"{exception.Code}: {exception.Message}");
    return (int)exception.ExitCode;
}
