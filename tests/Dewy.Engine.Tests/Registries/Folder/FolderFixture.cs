using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Registries.Folder;

/// <summary>A folder as registry.</summary>
internal sealed class FolderFixture : RegistryFixture
{
    private readonly TemporaryDirectory _directory = new();

    public override RegistryTraits Traits => RegistryTraits.Files;

    public override string Url => new Uri(Folder).AbsoluteUri;

    private string Folder => _directory.Combine("releases");

    public override Task StartAsync()
    {
        Directory.CreateDirectory(Folder);
        return Task.CompletedTask;
    }

    public override async Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        var release = Directory.CreateDirectory(Path.Combine(Folder, tag)).FullName;
        foreach (var file in files)
        {
            var path = Path.Combine(release, file.Name);
            await File.WriteAllBytesAsync(path, file.Content);
            File.SetLastWriteTimeUtc(path, at.UtcDateTime);
        }

        Directory.SetLastWriteTimeUtc(release, at.UtcDateTime);
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        if (fault is not RegistryFault.Missing)
            Skip("a folder does not fail that way");
        Directory.Move(Folder, Folder + "-away");
        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        Directory.Move(Folder + "-away", Folder);
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ReportsAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(Folder, "shipped_to_*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))]);

    public override ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
