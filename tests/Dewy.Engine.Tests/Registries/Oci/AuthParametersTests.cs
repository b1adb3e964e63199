using Dewy.Engine.Registries.Oci.Authorization;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class AuthParametersTests
{
    [Theory]
    [InlineData("""realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push" """, "realm=https://auth.example/token|scope=repository:a/b:pull,push|service=r.example")]
    [InlineData("""Realm = "x" , service=y""", "realm=x|service=y")]
    [InlineData("""realm="say \"hi\" \\ there",service="" """, """realm=say "hi" \ there|service=""")]
    [InlineData("""realm="a",realm="b" """, "realm=a")]
    [InlineData("""realm="never closed""", "")]
    [InlineData("""service=x,realm="never closed""", "service=x")]
    [InlineData("dG9rZW42OA==", "dg9rzw42oa==")]
    [InlineData(",,, ,", "")]
    [InlineData("=x", "")]
    [InlineData(null, "")]
    public void Read_Parameters_AreThoseOfTheGrammar(string? text, string expected) =>
        Assert.Equal(expected, string.Join('|', AuthParameters.Read(text).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("""Basic realm="x"|Bearer realm="https://a.example/t",service="s" """, "bearer https://a.example/t")]
    [InlineData("""Basic realm="x, y", Bearer realm="https://a.example/t" """, "bearer https://a.example/t")]
    [InlineData("""Negotiate|Basic realm="x" """, "basic x")]
    [InlineData("""Bearer error="invalid_token"|Basic realm="x" """, "basic x")]
    [InlineData("Negotiate", "none")]
    [InlineData("", "none")]
    public void Choose_Challenges_PrefersATokenServer(string headers, string expected)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", header);

        Assert.Equal(expected, AuthChallenge.Choose(response) is { } chosen ? $"{chosen.Scheme} {chosen.Realm}" : "none");
    }
}
