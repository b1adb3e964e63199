namespace Dewy.Engine.Containers.RunOptions;

/// <summary>The options of <c>docker run</c>: those that make sense for Dewy, and those people will try that do not.</summary>
internal static class RunOptionCatalog
{
    private const string Background = "Dewy runs containers in the background and reads their output from the engine's log";
    private const string Ports = "Dewy publishes ports itself, on 127.0.0.1 and behind its proxy; name them with --port and --container-port";
    private const string Host = "it takes control of the host or its other programs";

    public static IReadOnlyList<RunOptionDefinition> All { get; } =
    [
        new("env", 'e'), new("env-file"), new("volume", 'v'), new("mount"), new("network"), new("cpus"), new("memory", 'm'), new("entrypoint"),
        new("user", 'u'), new("name"), new("restart"), new("log-driver"), new("log-opt"), new("ulimit"), new("tmpfs"),
        new("read-only", TakesValue: false), new("add-host"), new("dns"), new("label", 'l'), new("workdir", 'w'), new("hostname", 'h'),
        new("init", TakesValue: false), new("stop-signal"), new("gpus"),

        new("detach", 'd', TakesValue: false) { Refusal = Background },
        new("interactive", 'i', TakesValue: false) { Refusal = "nobody is there to type: " + Background },
        new("tty", 't', TakesValue: false) { Refusal = "nobody is there to look at a terminal: " + Background },
        new("attach", 'a') { Refusal = Background },
        new("publish", 'p') { Refusal = Ports },
        new("publish-all", 'P', TakesValue: false) { Refusal = Ports },
        new("rm", TakesValue: false) { Refusal = "Dewy removes containers itself, after it has read why they ended" },
        new("platform") { Refusal = "the platform is named in the registry's URL: img://…?platform=linux/arm64" },
        new("pull") { Refusal = "Dewy pulls images itself, by digest" },

        new("privileged", TakesValue: false) { Refusal = Host, IsUnsafe = true },
        new("pid") { Refusal = Host, IsUnsafe = true },
        new("ipc") { Refusal = Host, IsUnsafe = true },
        new("uts") { Refusal = Host, IsUnsafe = true },
        new("cap-add") { Refusal = Host, IsUnsafe = true },
        new("security-opt") { Refusal = "it takes away what keeps the container from its host", IsUnsafe = true },
        new("device") { Refusal = Host, IsUnsafe = true },
        new("userns") { Refusal = Host, IsUnsafe = true },
        new("cgroupns") { Refusal = Host, IsUnsafe = true },
    ];

    /// <summary>The names of those that are understood, for suggestions.</summary>
    public static IEnumerable<string> Accepted => All.Where(option => option.Refusal is null).Select(option => option.Name);

    public static RunOptionDefinition? Find(string name) =>
        name is "net" ? Find("network") : All.FirstOrDefault(option => option.Name == name);

    public static RunOptionDefinition? Find(char letter) => All.FirstOrDefault(option => option.Short == letter);
}
