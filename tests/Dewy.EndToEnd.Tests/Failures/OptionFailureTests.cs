using Dewy.EndToEnd.Tests.Hosting;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

public sealed class OptionFailureTests
{
    [Theory]
    [InlineData("registry", "ftp://example.org/x", "ftp")]
    [InlineData("registry", "file:///tmp?artefact=x", "artefact")]
    [InlineData("interval", "soon", "--interval")]
    [InlineData("keep-releases", "0", "--keep-releases")]
    [InlineData("shared", "../outside", "--shared")]
    public async Task InvalidOption_IsNamedBeforeAnythingHappens(string name, string value, string part)
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);

        await Expect.ThrownAsync(ErrorCode.InvalidOption, ExitCode.Usage, [part], () => application.DeployOnceAsync((name, value)));

        Assert.False(Directory.Exists(application.Root));
    }
}
