using Dewy.Engine.Diagnostics;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Diagnostics;

public sealed class LogPipelineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Create_LogFile_HasTheSameLinesWithoutColour()
    {
        var file = _directory.Combine("log", "dewy.log");
        using var writer = new StringWriter();
        using (var log = LogPipeline.Create(new LogOptions { File = file }, new SecretRedactor(), writer, colour: true))
            log.View.Publish(new AgentStopping("SIGTERM") { Time = SampleEvents.Time });

        Assert.Equal("2024-01-15T10:30:45Z INFO  Shutting down gracefully reason=\"SIGTERM\"\n", File.ReadAllText(file));
    }

    [Fact]
    public void Create_FileGrowsPastItsLimit_IsRolledAndOldOnesGo()
    {
        var options = new LogOptions { File = _directory.Combine("dewy.log"), MaxFileSize = 200, KeepFiles = 3 };
        using (var log = LogPipeline.Create(options, new SecretRedactor(), TextWriter.Null, colour: false))
        {
            for (var i = 0; i < 50; i++)
                log.View.Publish(new AgentStopping($"reason {i}"));
        }

        var files = Directory.GetFiles(_directory.Path);
        Assert.Equal(3, files.Length);
        Assert.Contains(files, file => File.ReadAllText(file).Contains("reason 49", StringComparison.Ordinal));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 0, 400));
    }

    [Fact]
    public void Create_FileThatCannotBeWritten_IsAnErrorAtOnce()
    {
        File.WriteAllText(_directory.Combine("file"), "");

        var failure = Assert.Throws<DewyException>(() =>
            LogPipeline.Create(new LogOptions { File = _directory.Combine("file", "dewy.log") }, new SecretRedactor(), TextWriter.Null, colour: false));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("--log-file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_ReaderOfTheOutputIsGone_GoesOn()
    {
        using var log = LogPipeline.Create(new LogOptions(), new SecretRedactor(), new BrokenWriter(), colour: false);

        log.View.Publish(new AgentStopping("SIGTERM"));
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Broken pipe");
    }
}
