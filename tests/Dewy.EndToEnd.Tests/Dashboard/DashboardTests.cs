using System.Text.RegularExpressions;
using Dewy.Engine.Agent;
using Dewy.Tests;
using Dewy.Tests.Admin;
using Microsoft.Playwright;
using Xunit;

namespace Dewy.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a real browser, in front of a real admin API and a scripted agent.</summary>
public sealed class DashboardTests(BrowserFixture browser)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "light")]
    [InlineData(ColorScheme.Dark, 1280, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    public async Task Page_BusyApplication_ShowsEverythingWithoutAnError(ColorScheme scheme, int width, string name)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        Scene.Tell(admin.Feed);
        var page = await browser.OpenAsync(admin.Address, scheme, width);
        List<string> complaints = [];
        page.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
        List<string> elsewhere = [];
        page.Request += (_, request) => { if (new Uri(request.Url).Authority != admin.Address.Authority) elsewhere.Add(request.Url); };

        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("v1.4.0");
        await Assertions.Expect(page.Locator("#newest")).ToHaveTextAsync("v1.5.0");
        await Assertions.Expect(page.Locator("#previous")).ToHaveTextAsync("v1.3.9");
        await Assertions.Expect(page.Locator("#replicas-rows tr")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#replicas-rows .badge")).ToHaveTextAsync(["Healthy", "Healthy", "Unhealthy", "Starting", "Draining"]);
        await Assertions.Expect(page.Locator("#deployments li:not(.day)")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#notices")).ToContainTextAsync("v1.5.0 is blocked");
        await Assertions.Expect(page.Locator("#log .line:visible").Last).ToContainTextAsync("The disk of /srv/shop has 4 % left.");
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
        await Assertions.Expect(page.Locator("#log .line:visible")).ToHaveCountAsync(5);
        admin.Agent.Status = admin.Agent.Status with { Proxy = admin.Agent.Status.Proxy! with { Requests = 92_400 } }; // the scene has one
        await Assertions.Expect(page.Locator("#proxy-facts")).ToContainTextAsync("92,400");
        await ShootAsync(page, name);

        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task Log_Live_ArrivesAndIsOnlyText()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#connection-text")).ToHaveTextAsync("Connected");

        admin.Feed.Publish(new AttentionNeeded("<img src=x onerror=\"document.title='owned'\">", "<b>target</b>", null) { Time = DateTimeOffset.UtcNow });

        await Assertions.Expect(page.Locator("#log .line").Last).ToContainTextAsync("<img src=x onerror=");
        Assert.Equal(0, await page.Locator("#log img, #log b").CountAsync());
    }

    [Fact]
    public async Task Replicas_Change_IsShownByItself()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#replicas-summary")).ToHaveTextAsync("2 of 5 healthy");

        admin.Agent.Status = admin.Agent.Status with { Replicas = [Scene.Replica(0), Scene.Replica(1), Scene.Replica(2)] };

        await Assertions.Expect(page.Locator("#replicas-summary")).ToHaveTextAsync("3 of 3 healthy");
    }

    [Fact]
    public async Task Pause_WithoutToken_AsksOnceAndKeepsItForTheTab()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await page.Locator("#pause").ClickAsync();

        await page.Locator("#token").FillAsync("wrong");
        await page.Locator("#token").PressAsync("Enter");
        await Assertions.Expect(page.Locator("#token-error")).ToHaveTextAsync("That is not the token.");
        await page.Locator("#token").FillAsync(AdminUnderTest.Token);
        await page.Locator("#token").PressAsync("Enter");

        await Assertions.Expect(page.Locator("#notices")).ToContainTextAsync("Deploying is paused by dashboard.");
        await Assertions.Expect(page.Locator("#pause")).ToBeDisabledAsync();
        await page.ReloadAsync();
        await page.Locator("#resume").ClickAsync();
        await Assertions.Expect(page.Locator("#pause")).ToBeEnabledAsync();
        Assert.Equal(["pause by=dashboard", "resume"], admin.Agent.Asked);
    }

    [Fact]
    public async Task Operations_Keyboard_AreAllReached()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#deploy")).ToBeEnabledAsync();
        await page.EvaluateAsync($"sessionStorage.setItem('dewy.token', '{AdminUnderTest.Token}')");

        await TabToAsync(page, "deploy");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#deploy-dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#deploy-dialog")).ToBeHiddenAsync();
        Assert.Empty(admin.Agent.Asked);

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#deploy-dialog")).ToBeVisibleAsync();
        await page.Locator("#deploy-dialog").GetByRole(AriaRole.Button, new() { Name = "Deploy" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Eventually.IsTrueAsync(() => admin.Agent.Asked.Contains("deploy force=True by=dashboard"), "the agent is told to deploy");
    }

    [Fact]
    public async Task Deploy_DismissedAndAskedForAgainAtOnce_IsCarriedOut()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await SignedInAsync(admin);

        // In one go: the dialog tells of its close when it is open again.
        await page.EvaluateAsync("""
            () => {
              const deploy = document.getElementById('deploy');
              deploy.click();
              document.getElementById('deploy-dialog').close();
              deploy.click();
            }
            """);
        await page.Locator("#deploy-dialog").GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();

        await Eventually.IsTrueAsync(() => !admin.Agent.Asked.IsEmpty, "the agent is told to deploy");
        Assert.Equal(["deploy force=True by=dashboard"], admin.Agent.Asked);
    }

    [Fact]
    public async Task Rollback_Chosen_NamesTheRelease()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await SignedInAsync(admin);

        await page.Locator("#rollback").ClickAsync();
        await page.Locator("#rollback-to").SelectOptionAsync("v1.3.9");
        await ShootAsync(page, "rollback");
        await page.Locator("#rollback-dialog .primary").ClickAsync();

        await Eventually.IsTrueAsync(() => admin.Agent.Asked.Contains("rollback to=v1.3.9 until_newer=False by=dashboard"), "the agent is told to roll back");
    }

    [Fact]
    public async Task Drain_Row_NamesTheReplica()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await SignedInAsync(admin);

        await page.GetByRole(AriaRole.Button, new() { Name = "Drain shop-1772625600-1" }).ClickAsync();
        await page.Locator("#drain-dialog .primary").ClickAsync();

        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("shop-1772625600-1 gets no new requests");
        Assert.Equal([$"drain {Scene.Replica(1).Id}"], admin.Agent.Asked);
    }

    [Fact]
    public async Task Deploy_NamedRelease_IsPinned()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await SignedInAsync(admin);

        await page.Locator("#deploy").ClickAsync();
        await page.Locator("#deploy-tag").FillAsync(" v1.1.0 ");
        await page.Locator("#deploy-dialog .primary").ClickAsync();

        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("v1.2.3 is live.");
        Assert.Equal(["pin tag=v1.1.0 by=dashboard"], admin.Agent.Asked);
    }

    [Fact]
    public async Task Held_Release_IsShownWithItsReason()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        admin.Agent.Status = admin.Agent.Status with { Held = new HeldRelease("v1.6.0", "It is Mon 10:00, outside Mon-Fri 22:00-04:00.", DateTimeOffset.UtcNow) };
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");

        await Assertions.Expect(page.Locator("#notices")).ToContainTextAsync("v1.6.0 waits: It is Mon 10:00, outside Mon-Fri 22:00-04:00.");
    }

    [Fact]
    public async Task Operation_Refused_ShowsWhatToDo()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        admin.Agent.Outcome = _ => Task.FromException<RequestOutcome>(new DewyException(ErrorCode.RegistryTimeout, "The registry did not answer.") { NextStep = "Try again later." });
        var page = await SignedInAsync(admin);

        await page.Locator("#deploy").ClickAsync();
        await page.Locator("#deploy-dialog .primary").ClickAsync();

        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("The registry did not answer.Try again later.");
    }

    [Fact]
    public async Task Agent_Gone_IsSaidAndReconnectsByItself()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#connection-text")).ToHaveTextAsync("Connected");

        await admin.CloseAsync();
        await Assertions.Expect(page.Locator("#connection-text")).ToHaveTextAsync("Agent not reachable");
        await Assertions.Expect(page.Locator("#notices")).ToContainTextAsync("carries on by itself");
        await Assertions.Expect(page.Locator("#deploy")).ToBeDisabledAsync();
        await ShootAsync(page, "gone");

        await admin.ReopenAsync(Stop);
        await Assertions.Expect(page.Locator("#connection-text")).ToHaveTextAsync("Connected");
        await Assertions.Expect(page.Locator("#deploy")).ToBeEnabledAsync();
        admin.Feed.Publish(new ServerStarted("v9.9.9") { Time = DateTimeOffset.UtcNow });
        await Assertions.Expect(page.Locator("#log .line").Last).ToContainTextAsync("v9.9.9");
    }

    [Theory]
    [InlineData(DeploymentMode.Assets, "This application is files only: nothing runs.")]
    [InlineData(DeploymentMode.Container, "Nothing runs yet, because nothing has been deployed.")]
    public async Task Page_FreshRoot_SaysWhatIsToCome(DeploymentMode mode, string expected)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Agent.Status = new AgentStatus { Name = "site", Root = "/srv/site", State = AgentState.Checking, Mode = mode };
        var page = await browser.OpenAsync(admin.Address);

        await page.GotoAsync("/");

        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Nothing yet");
        await Assertions.Expect(page.Locator("#replicas-empty")).ToHaveTextAsync(expected);
        await Assertions.Expect(page.Locator("#deployments-empty")).ToBeVisibleAsync();
        await ShootAsync(page, $"empty-{mode.ToString().ToLowerInvariant()}");
    }

    [Fact]
    public async Task Page_Server_ShowsGenerations()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        admin.Agent.Status = admin.Agent.Status with
        {
            Mode = DeploymentMode.Server,
            Proxy = null,
            Replicas = [],
            Blocked = [],
            Pin = new ReleasePin { Tag = "v1.4.0", By = "alice", At = DateTimeOffset.UtcNow },
            Processes = [new() { Generation = 7, ProcessId = 4242, Tag = "v1.4.0", StartedAt = DateTimeOffset.UtcNow, Ready = true }, new() { Generation = 6, ProcessId = 4100, Tag = "v1.3.9", StartedAt = DateTimeOffset.UtcNow, Ready = true, Stopping = true }],
        };
        var page = await browser.OpenAsync(admin.Address, ColorScheme.Dark);

        await page.GotoAsync("/");

        await Assertions.Expect(page.Locator("#replicas-rows tr")).ToHaveTextAsync([new Regex("Ready.*4242.*v1.4.0"), new Regex("Stopping.*4100.*v1.3.9")]);
        await ShootAsync(page, "server");
    }

    [Fact]
    public async Task Page_Structure_HasNamesForEverythingOneActsOn()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Scene.Fill(admin.Agent);
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#replicas-rows tr")).ToHaveCountAsync(5);

        var nameless = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('button, input, select, [role="img"], [role="log"], [role="region"], dialog, section')]
              .filter(node => !(node.getAttribute('aria-label') || node.getAttribute('aria-labelledby') && document.getElementById(node.getAttribute('aria-labelledby'))
                || node.closest('label') || node.textContent.trim()))
              .map(node => node.outerHTML)
            """);

        Assert.Empty(nameless);
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
    }

    private async Task<IPage> SignedInAsync(AdminUnderTest admin)
    {
        var page = await browser.OpenAsync(admin.Address);
        await page.GotoAsync("/");
        await page.EvaluateAsync($"sessionStorage.setItem('dewy.token', '{AdminUnderTest.Token}')");
        await Assertions.Expect(page.Locator("#deploy")).ToBeEnabledAsync();
        return page;
    }

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var presses = 0; presses < 30; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>($"document.activeElement?.id === '{id}'"))
                return;
        }

        Assert.Fail($"The keyboard does not reach {id}.");
    }

    /// <summary>A picture for people to look at, where DEWY_TEST_SCREENSHOTS names a directory.</summary>
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("DEWY_TEST_SCREENSHOTS") is { Length: > 0 } directory)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(directory, $"{name}.png"), FullPage = true });
    }
}
