using Dewy.Engine.Notifications;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

public sealed class NotifierAddressTests
{
    private const string Canary = "canary0123456789abcdef";

    [Theory]
    [InlineData("slack://deployments", "slack://deployments")]
    [InlineData("slack://deployments?title=My+app&url=https%3A%2F%2Fexample.com&quiet=true&thread=true", "slack://deployments")]
    [InlineData("SLACK://C0123456789?thread=1700000000.000100", "slack://C0123456789")]
    [InlineData("smtp://mail.example.com/ops@example.com", "smtp://mail.example.com/ops@example.com")]
    [InlineData("mail://mail.example.com:2525/ops@example.com?username=u&password=" + Canary + "&from=a@example.com&subject=S&tls=false", "mail://mail.example.com:2525/ops@example.com")]
    [InlineData("smtp://[::1]:25?to=a@example.com,b@example.com", "smtp://[::1]:25")]
    [InlineData("webhook://127.0.0.1:8080/hooks/" + Canary, "webhook://127.0.0.1:8080/***")]
    [InlineData("webhooks://example.com/in?secret=" + Canary + "&token=" + Canary + "1&query=key%3D" + Canary + "2", "webhooks://example.com/***")]
    [InlineData("teams://prod-1.logic.azure.com:443/workflows/" + Canary + "/invoke?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0&sig=" + Canary, "teams://prod-1.logic.azure.com:443/***")]
    [InlineData("discord://123456789/" + Canary + "?username=Ship", "discord://123456789/***")]
    [InlineData("discord://discord.com/api/webhooks/123456789/" + Canary, "discord://discord.com/***")]
    public void Parse_ValidUrl_IsShownWithoutSecrets(string url, string shown)
    {
        var address = NotifierAddress.Parse(url);

        Assert.Equal(shown, address.DisplayName);
        Assert.DoesNotContain(Canary, address.ToString(), StringComparison.Ordinal);
        Assert.Equal(url.Contains(Canary, StringComparison.Ordinal), address.Secrets.Any(secret => secret.Contains(Canary, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("slack", false)]
    [InlineData("slack://a?quiet=true", true)]
    [InlineData("slack://a?quiet", true)]
    [InlineData("slack://a?quiet=false", false)]
    public void Parse_Quiet_IsRead(string url, bool quiet)
    {
        if (!url.Contains("://", StringComparison.Ordinal))
            url += "://a";

        Assert.Equal(quiet, NotifierAddress.Parse(url).IsQuiet);
    }

    [Fact]
    public void Parse_UnknownScheme_ListsTheValidOnes()
    {
        var failure = Assert.Throws<DewyException>(() => NotifierAddress.Parse($"slak://deployments/{Canary}"));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        foreach (var scheme in new[] { "slack://<channel>", "smtp://", "mail://", "webhook://", "webhooks://", "teams://", "discord://" })
            Assert.Contains(scheme, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slack://deployments?colour=red", "colour", "title, url, thread, quiet")]
    [InlineData("smtp://mail.example.com/ops@example.com?user=x", "user", "username, password, from, to, subject, tls, quiet")]
    [InlineData("webhooks://example.com/in?key=x", "key", "secret, token, query, quiet")]
    [InlineData("teams://example.com/in?key=x", "key", "api-version, sp, sv, sig, title, quiet")]
    [InlineData("discord://123/token?key=x", "key", "title, username, thread_id, quiet")]
    public void Parse_UnknownParameter_ListsTheValidOnes(string url, string name, string valid)
    {
        var failure = Assert.Throws<DewyException>(() => NotifierAddress.Parse(url));

        Assert.Contains($"no parameter '{name}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(valid, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("deployments")]
    [InlineData("slack:deployments")]
    [InlineData("slack://")]
    [InlineData("slack://#deployments")]
    [InlineData("slack://a/b")]
    [InlineData("slack://a?url=nothing")]
    [InlineData("slack://a?thread=maybe")]
    [InlineData("slack://a?quiet=perhaps")]
    [InlineData("slack://a?title=%zz")]
    [InlineData("slack://a?title=x&title=y")]
    [InlineData("slack://a?title=x%0a")]
    [InlineData("smtp://mail.example.com")]
    [InlineData("smtp://mail.example.com/nobody")]
    [InlineData("smtp://mail.example.com:port/ops@example.com")]
    [InlineData("smtp://mail.example.com/ops@example.com?tls=perhaps")]
    [InlineData("smtp://user:pass@mail.example.com/ops@example.com")]
    [InlineData("webhooks://")]
    [InlineData("webhooks://user:pass@example.com/")]
    [InlineData("webhooks://exa mple.com/")]
    [InlineData("teams://example.com")]
    [InlineData("discord://123")]
    [InlineData("discord://example.com/elsewhere/123/token")]
    [InlineData("discord://123/token?thread_id=x")]
    public void Parse_InvalidUrl_IsAnErrorWithANextStep(string url)
    {
        var failure = Assert.Throws<DewyException>(() => NotifierAddress.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.NotNull(failure.NextStep);
    }

    [Theory]
    [InlineData("webhooks://user:" + Canary + "@example.com/")]
    [InlineData("webhooks://example.com/" + Canary + "?secrett=" + Canary)]
    [InlineData("webhooks://example.com/?" + Canary)]
    [InlineData("webhooks://example.com/" + Canary + "?quiet=perhaps")]
    [InlineData("teams://example.com/" + Canary + "?sig=" + Canary + "&sig=" + Canary)]
    [InlineData("discord://123/" + Canary + "/more")]
    [InlineData("smtp://mail.example.com/ops@example.com?pasword=" + Canary)]
    [InlineData("hooks.example.com/" + Canary)]
    [InlineData("https://hooks.slack.com/services/" + Canary)]
    public void Parse_InvalidUrlWithSecrets_ErrorHasNone(string url)
    {
        var failure = Assert.Throws<DewyException>(() => NotifierAddress.Parse(url));

        Assert.DoesNotContain("canary", $"{failure} {failure.Target} {failure.NextStep}", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("slack://deployments", "SLACK_TOKEN")]
    [InlineData("smtp://mail.example.com/ops@example.com", "MAIL_FROM")]
    [InlineData("smtp://mail.example.com/ops@example.com?from=a@example.com&username=u", "MAIL_PASSWORD")]
    public void Create_EnvironmentLacksSomething_NamesTheVariable(string url, string variable)
    {
        var address = NotifierAddress.Parse(url);

        var failure = Assert.Throws<DewyException>(() => NotifierCatalog.BuiltIn.Create(address, new NotifierServices { Time = TimeProvider.System }));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains(variable, failure.Message + failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://slack.example.com/api/")]
    [InlineData("nothing")]
    public void Create_SlackApiInClear_IsRefused(string api)
    {
        var environment = new Dictionary<string, string> { ["SLACK_TOKEN"] = "xoxb-1", ["SLACK_API_URL"] = api };

        var failure = Assert.Throws<DewyException>(() => NotifierCatalog.BuiltIn.Create(NotifierAddress.Parse("slack://a"), new NotifierServices { Time = TimeProvider.System, Environment = environment }));

        Assert.Contains("SLACK_API_URL", failure.Message, StringComparison.Ordinal);
    }
}
