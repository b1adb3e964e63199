using System.Globalization;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Processes;

/// <summary>
/// Where the output of generations goes: one file for all in the directory the options name, or else one file each in
/// <c>&lt;root&gt;/.dewy/log</c>, whose lines are passed on as events.
/// </summary>
internal sealed class GenerationOutput(string name, string root, string? logDirectory, SecretRedactor redactor, IEngineEventSink events, TimeProvider time)
{
    /// <summary>Files of generations that ended are kept for this many generations.</summary>
    private const int KeptFiles = 5;

    private readonly OutputFile? _common = logDirectory is null ? null : new OutputFile(Path.Combine(logDirectory, $"{name}.log"));
    private readonly string _directory = Path.Combine(root, ".dewy", "log");

    /// <summary>The file a generation writes into.</summary>
    public OutputFile FileOf(int generation) => _common ?? new OutputFile(Path.Combine(_directory, $"{generation}.log"));

    /// <summary>Follows the output of a generation from where the file ends now; <paramref name="remembered"/> is as much of what was before as the last lines shall know.</summary>
    public OutputTail Follow(OutputFile file, int generation, long from, int remembered = 0) =>
        new(file, from, remembered, redactor.Redact, _common is null ? line => events.Publish(new ApplicationOutput(generation, IsError: false, line) { Time = time.GetUtcNow() }) : null, time);

    /// <summary>Removes the files of generations long gone.</summary>
    /// <param name="running">Generations whose files are in use.</param>
    public void Prune(IReadOnlySet<int> running)
    {
        if (!Directory.Exists(_directory))
            return;
        var ended = new DirectoryInfo(_directory).EnumerateFiles("*.log")
            .Where(file => int.TryParse(Path.GetFileNameWithoutExtension(file.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var generation) && !running.Contains(generation))
            .OrderByDescending(file => file.LastWriteTimeUtc);
        foreach (var file in ended.Skip(KeptFiles).ToList())
        {
            file.Delete();
            File.Delete(new OutputFile(file.FullName).RotatedPath);
        }
    }
}
