using System.Text;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class OutputRingTests
{
    [Fact]
    public void Read_LittleWritten_IsAllOfIt()
    {
        var tail = new OutputRing(10);
        tail.Append("abc"u8);
        tail.Append("déf"u8);
        Assert.Equal("abcdéf", tail.Read(new SecretRedactor()));
    }

    [Property]
    public void Read_AnythingWritten_IsAnEndOfItWithinTheLimit(byte[][] chunks)
    {
        var tail = new OutputRing(64);
        var all = new StringBuilder();
        foreach (var chunk in chunks)
        {
            var text = new string((char)('a' + (chunk.Length % 26)), chunk.Length * 50);
            all.Append(text);
            tail.Append(Encoding.UTF8.GetBytes(text));
        }

        var read = tail.Read(new SecretRedactor());
        Assert.Equal(Math.Min(64, all.Length), read.Length);
        Assert.EndsWith(read, all.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutInsideACharacter_BeginsAtTheNext()
    {
        var tail = new OutputRing(64);
        tail.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("€", 5000))));
        var read = tail.Read(new SecretRedactor());
        Assert.Equal(new string('€', 21), read);
    }

    [Fact]
    public void Read_SecretCutInTwo_LeavesNoPartOfIt()
    {
        var redactor = new SecretRedactor();
        redactor.Add("s3cr3t-value"); // so much longer than its mask that the text is within the limit after redaction
        for (var padding = 0; padding < 12; padding++)
        {
            var tail = new OutputRing(OutputRing.MarginBytes);
            tail.Append(Encoding.UTF8.GetBytes(new string('-', padding) + string.Concat(Enumerable.Repeat("s3cr3t-value", 2000))));
            Assert.DoesNotContain("value", tail.Read(redactor).Replace("***", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }
}
