using System.Text;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed class OutputTailTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Follow_LinesAppended_AreGivenOnOnceAndRedacted()
    {
        var file = NewFile();
        await using var tail = new OutputTail(file, 0, 0, line => line.Replace("secret", "***", StringComparison.Ordinal), _lines.Add, TimeProvider.System);

        Append(file, "one\r\ntwo is se");
        await tail.LastLinesAsync();
        Append(file, "cret\nthree");
        var last = await tail.LastLinesAsync();

        Assert.Equal("one|two is ***", string.Join('|', _lines));
        Assert.Equal("one\ntwo is ***\nthree", last);
    }

    [Fact]
    public async Task Follow_FileGrowsTooLong_IsSetAsideAndFollowedFurther()
    {
        var file = NewFile(maximumLength: 1000);
        await using var tail = new OutputTail(file, 0, 0, line => line, _lines.Add, TimeProvider.System);

        for (var round = 0; round < 10; round++)
        {
            Append(file, new string((char)('a' + round), 300) + "\n");
            await tail.LastLinesAsync();
        }

        Assert.Equal("abcdefghij", string.Concat(_lines.Select(line => line[0])));
        Assert.True(new FileInfo(file.Path).Length <= 1300);
        Assert.True(new FileInfo(file.RotatedPath).Length <= 1300);
    }

    [Fact]
    public async Task Follow_FromTheEnd_RemembersWhatWasBeforeWithoutGivingItOn()
    {
        var file = NewFile();
        Append(file, "long ago\n");
        await using var tail = new OutputTail(file, new FileInfo(file.Path).Length, 4096, line => line, _lines.Add, TimeProvider.System);

        Append(file, "now\n");

        Assert.Equal("long ago\nnow", await tail.LastLinesAsync());
        Assert.Equal("now", Assert.Single(_lines));
    }

    [Fact]
    public async Task LastLines_MuchOutput_AreTheNewestFourKi()
    {
        var file = NewFile();
        await using var tail = new OutputTail(file, 0, 0, line => line, onLine: null, TimeProvider.System);

        Append(file, string.Concat(Enumerable.Range(0, 5000).Select(number => $"line {number}\n")));
        var last = await tail.LastLinesAsync();

        Assert.InRange(last.Length, 4000, 4096);
        Assert.StartsWith("line ", last, StringComparison.Ordinal);
        Assert.EndsWith("line 4999", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Splitter_EndlessLine_ComesInPieces()
    {
        var splitter = new LineSplitter(longestLine: 8);

        splitter.Append("0123456789\nabcdefgh\nx\n\n"u8, _lines.Add);

        Assert.Equal("01234567|89|abcdefgh|x|", string.Join('|', _lines));
    }

    private static void Append(OutputFile file, string text)
    {
        using var stream = new FileStream(file.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private OutputFile NewFile(long maximumLength = OutputFile.DefaultMaximumLength)
    {
        var file = new OutputFile(_directory.Combine("log", "1.log"), maximumLength);
        file.Create();
        return file;
    }
}
