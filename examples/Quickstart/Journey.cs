using Dewy.Engine.Composition;

namespace Dewy.Quickstart;

/// <summary>What happens in both parts: a first release goes live, requests begin, a second one takes over, the agent stops.</summary>
internal static class Journey
{
    private const int AnswersOfEach = 400;

    /// <param name="options">The agent's.</param>
    /// <param name="port">Loopback port the application answers on.</param>
    /// <param name="release">Publishes a version.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>True where no request failed.</returns>
    public static async Task<bool> RunAsync(OptionSet options, int port, Action<string> release, CancellationToken cancellationToken)
    {
        Narrator.Say("releasing v1.0.0");
        release("v1.0.0");
        var story = new Story(Narrator.Say);
        await using var agent = DewyEngine.Create().CreateAgent(options, story);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = agent.RunAsync(stop.Token);
        try
        {
            await Task.WhenAny(story.ServedAsync("v1.0.0", cancellationToken), running);
            if (running.IsCompleted)
                await running;

            var address = new Uri($"http://127.0.0.1:{port}/");
            Narrator.Say($"sending requests to {address} from now on");
            await using var load = new Load(address);
            await load.AnswersAsync("v1.0.0", AnswersOfEach, cancellationToken);
            Narrator.Say("releasing v1.1.0");
            release("v1.1.0");
            await load.AnswersAsync("v1.1.0", AnswersOfEach, cancellationToken);
            await load.StopAsync();
            return Narrator.Sum(load);
        }
        finally
        {
            Narrator.Say("stopping the agent");
            await stop.CancelAsync();
            await running;
        }
    }
}
