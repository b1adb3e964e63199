using System.Text.Json;
using System.Text.Json.Nodes;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Configured;

/// <summary>Two applications, a server and files, in one configuration file, and the real <c>dewy run</c> over it.</summary>
internal sealed class SharedProcess : IAsyncDisposable
{
    private readonly JsonObject _file;

    public SharedProcess()
    {
        Web.Registry.Publish("v1.0.0");
        Site.Registry.Publish("v5.0.0");
        _file = new JsonObject
        {
            ["interval"] = "1s",
            ["admin-port"] = 0,
            ["log-format"] = "json",
            ["applications"] = new JsonObject
            {
                ["web"] = new JsonObject
                {
                    ["registry"] = Web.Registry.Url,
                    ["root"] = Web.Root,
                    ["port"] = $"127.0.0.1:{Web.Port}",
                    ["start-wait"] = "100ms",
                    ["command"] = new JsonArray("perl", "./current/app.pl"),
                },
                ["site"] = new JsonObject { ["registry"] = Site.Registry.Url, ["root"] = Site.Root },
            },
        };
    }

    public SampleApplication Web { get; } = new();

    public SampleApplication Site { get; } = new(DeploymentMode.Assets);

    public string FilePath => Web.Combine("dewy.json");

    /// <summary>Sets a key of the file, or of one application in it.</summary>
    public void Set(string? application, string key, JsonNode? value) =>
        (application is null ? _file : (JsonObject?)_file["applications"]?[application] ?? throw new ArgumentException("There is none of that name.", nameof(application)))[key] = value;

    public AgentProcess Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public AgentProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        File.WriteAllText(FilePath, _file.ToJsonString());

        // The admin port is the file's to say here.
        return Web.StartCommand(new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["DEWY_ADMIN_PORT"] = "" }, ["run", "--config", FilePath, .. arguments]);
    }

    /// <summary>Waits until both newest releases are live.</summary>
    public async Task DeployedAsync(AgentProcess agent, string web, string site)
    {
        await Eventually.IsTrueAsync(() => IsLive(agent, Web, web) && IsLive(agent, Site, site), $"{web} and {site} are live", TimeSpan.FromSeconds(60));
        await Web.AnswersAsync(web);
    }

    /// <summary>The log lines with a message, of one application.</summary>
    public static IEnumerable<JsonElement> Lines(AgentProcess agent, string message, string application) =>
        agent.Lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("msg").GetString() == message && line.TryGetProperty("application", out var name) && name.GetString() == application);

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        await Site.DisposeAsync();
    }

    private static bool IsLive(AgentProcess agent, SampleApplication application, string tag) =>
        agent.HasExited ? throw new InvalidOperationException(agent.Output) : application.State.Current?.Tag == tag;
}
