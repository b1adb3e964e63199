using System.Text.Json;
using Dewy.Engine.Diagnostics;
using Xunit;

namespace Dewy.Engine.Tests.Diagnostics;

public sealed class LogLineTests
{
    private const string Secret = "ghp_s3cret\"quote";

    public static TheoryData<LogFormat> Formats => [LogFormat.Text, LogFormat.Json];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Line_SecretInAnyField_IsMasked(LogFormat format)
    {
        var line = Assert.Single(Capture(format, new AttentionNeeded($"token {Secret} refused", Secret, "Renew it.")));

        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
        Assert.Contains("token *** refused", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Line_SecretInException_IsMasked(LogFormat format)
    {
        using var writer = new StringWriter();
        using (var log = LogPipeline.Create(new LogOptions { Format = format }, Redactor(), writer, colour: false))
            log.Failed(new InvalidOperationException($"cannot use {Secret}", new IOException(Secret)));

        var line = Assert.Single(writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ControlCharactersInText_StayOneLineAndHarmless()
    {
        var line = Assert.Single(Capture(LogFormat.Text, new ReleaseHeld("v1\"\n2024-01-15T10:30:45Z ERROR forged", "a\tb\e[31m\u2028\\")));

        Assert.Equal("""2024-01-15T10:30:45Z INFO  Release held back tag="v1\"\n2024-01-15T10:30:45Z ERROR forged" reason="a\tb\u001b[31m\u2028\\" """.TrimEnd(), line);
    }

    [Fact]
    public void Line_ControlCharactersInJson_ComeBackAsTheyWere()
    {
        var line = Assert.Single(Capture(LogFormat.Json, new ReleaseHeld("v1\"\n\e", "grün + 1")));

        Assert.Equal("v1\"\n\e", JsonDocument.Parse(line).RootElement.GetProperty("tag").GetString());
        Assert.Contains("grün + 1", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_FloodInAField_IsCut()
    {
        var line = Assert.Single(Capture(LogFormat.Text, new ReleaseHeld("v1", new string('x', 100_000))));

        Assert.EndsWith($"x… ({100_000 - LogFields.MaxLength} more characters)\"", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, LogFields.MaxLength, LogFields.MaxLength + 200);
    }

    [Fact]
    public void Line_SecretAcrossTheCut_IsMasked()
    {
        var text = new string('x', LogFields.MaxLength - 4) + Secret;

        Assert.DoesNotContain("ghp_", Assert.Single(Capture(LogFormat.Text, new ReleaseHeld("v1", text))), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_Terminal_ColoursTheLevelOnly()
    {
        using var writer = new StringWriter();
        using (var log = LogPipeline.Create(new LogOptions(), new SecretRedactor(), writer, colour: true))
            log.View.Publish(new AgentStopping("SIGTERM") { Time = SampleEvents.Time });

        Assert.Equal("2024-01-15T10:30:45Z \e[32mINFO \e[0m Shutting down gracefully reason=\"SIGTERM\"\n", writer.ToString());
    }

    private static SecretRedactor Redactor()
    {
        var redactor = new SecretRedactor();
        redactor.Add(Secret);
        return redactor;
    }

    private static IReadOnlyList<string> Capture(LogFormat format, EngineEvent sample) => CapturedLog.Of(new LogOptions { Format = format }, Redactor(), sample);
}
