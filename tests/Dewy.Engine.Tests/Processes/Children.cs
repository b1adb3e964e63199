using Dewy.Engine.Processes;

namespace Dewy.Engine.Tests.Processes;

/// <summary>Starts children for tests and reads what they say.</summary>
internal static class Children
{
    public static readonly ProcessStarter Starter = new();

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" };

    public static ProcessStart Shell(string script, string? directory = null) => new()
    {
        Program = "sh",
        Arguments = ["-c", script],
        WorkingDirectory = directory ?? Path.GetTempPath(),
        Environment = Environment,
    };

    /// <summary>Runs to the end; a child that does not end is killed.</summary>
    public static async Task<(string Output, string Error, ProcessExit Exit)> RunAsync(ProcessStart start)
    {
        await using var child = Starter.Start(start);
        child.Release();
        try
        {
            var output = ReadAsync(child.StandardOutput);
            var error = ReadAsync(child.StandardError);
            return (await output.WaitAsync(Limit), await error.WaitAsync(Limit), await child.Exited.WaitAsync(Limit));
        }
        finally
        {
            child.Signal(9);
        }
    }

    public static async Task<string> ReadAsync(Stream? stream)
    {
        if (stream is null)
            return "";
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The next line of a stream, without reading further.</summary>
    public static async Task<string> ReadLineAsync(Stream? stream)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (stream is not null && await stream.ReadAsync(next).AsTask().WaitAsync(Limit) == 1 && next[0] != '\n')
            line.Add(next[0]);
        return System.Text.Encoding.UTF8.GetString([.. line]);
    }
}
