using System.Security.Cryptography;
using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

/// <summary>A host with a folder of releases and a root to be, whose configuration is checked.</summary>
internal sealed class CheckedHost : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public CheckedHost()
    {
        Publish("v1.0.0");
        Environment["HOME"] = _directory.Combine("home");
        Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "";
    }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public EngineServices Services => new()
    {
        Time = Time,
        Environment = Environment,
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse("linux/amd64"),
        UserName = System.Environment.UserName,
        HostName = "web-1",
        Jitter = () => 0.5,
    };

    public string Root => _directory.Combine("root");

    public string Registry => $"file://{_directory.Combine("releases")}";

    public string Path => _directory.Path;

    public string Combine(params string[] parts) => _directory.Combine(parts);

    public void Publish(string tag, string artifact = "app_linux_amd64")
    {
        Directory.CreateDirectory(_directory.Combine("releases", tag));
        File.WriteAllText(_directory.Combine("releases", tag, artifact), "#!/bin/sh\n");
    }

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_directory.Combine(name)) ?? "/");
        File.WriteAllText(_directory.Combine(name), content);
        return _directory.Combine(name);
    }

    /// <summary>The options of files in this host's root from its registry, and more; a later value of a name replaces an earlier one.</summary>
    public OptionSet Options(params (string Name, string Value)[] more)
    {
        var options = new OptionSet { BaseDirectory = _directory.Path };
        foreach (var option in new[] { ("registry", Registry), ("root", Root), ("admin-port", "0") }.Concat(more).GroupBy(option => option.Item1))
        {
            foreach (var value in option.Key is "registry" or "root" or "admin-port" ? option.TakeLast(1) : option)
                options.Add(option.Key, value.Item2);
        }

        return options;
    }

    public Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(params (string Name, string Value)[] more) => CheckAsync(Options(more));

    public Task<IReadOnlyList<ConfigurationCheck>> CheckAsync(OptionSet options, CancellationToken? cancellationToken = null) =>
        new DewyEngine(Services).CheckAsync(options, [], cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>The one check of a name.</summary>
    public async Task<ConfigurationCheck> CheckOneAsync(string name, params (string Name, string Value)[] more) =>
        Assert.Single(await CheckAsync(more), check => check.Name == name);

    /// <summary>Every file and directory with its content, mode and time of change, to be compared.</summary>
    public IReadOnlyList<string> Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetUnixFileMode(path)} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? Content(path) : "")}"),
    ];

    // Of a lock that is held only its holder reads more.
    private static string Content(string path) => System.IO.Path.GetFileName(path) is "lock" ? $"{new FileInfo(path).Length}" : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public void Dispose() => _directory.Dispose();
}
