using Dewy.Engine.Registries.Oci;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("""</v2/a/tags/list?last=x&n=2>; rel="next" """, "/v2/a/tags/list?last=x&n=2")]
    [InlineData("""</p>; rel=prev, </n,1>;title="a, b; rel=prev";REL=next""", "/n,1")]
    [InlineData("""</p>; rel="prev first"|</n>; rel="last next" """, "/n")]
    [InlineData("""</n>""", null)]
    [InlineData("""</n>; rel="nextdoor" """, null)]
    [InlineData("""</n; rel="next" """, null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void FindNext_Header_IsTheTargetOfTheNextPage(string headers, string? expected)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
            response.Headers.TryAddWithoutValidation("Link", header);

        Assert.Equal(expected, LinkHeader.FindNext(response));
    }
}
