using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

/// <summary>Secrets come as PowerShell's own types, reach the engine beside the options, and show up nowhere else.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Secret = "c4n4ry-of-a-token";
    private const string SecureToken = "$secure = [securestring]::new(); foreach ($c in 'c4n4ry-of-a-token'.ToCharArray()) { $secure.AppendChar($c) };";
    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;

    public CredentialTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Token_Secure_ReachesTheEngineAndIsNoOption()
    {
        _session.Invoke($"{SecureToken} Get-DewyRelease ghr://owner/app -Token $secure");

        var options = Assert.Single(_engine.Asked);
        Assert.Equal((null, Secret, "-Token"), (options.Credential?.User, options.Credential?.Secret, options.Credential?.Origin));
        Assert.DoesNotContain(Secret, options.Credential?.ToString() ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(options.SelectMany(option => option.Value), value => value.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Credential_UserAndPassword_ReachTheEngine()
    {
        _session.Invoke($"{SecureToken} Invoke-DewyDeploy img://host/app -Credential ([pscredential]::new('rita', $secure))");

        Assert.Equal(("rita", Secret), (_engine.Asked.Single().Credential?.User, _engine.Asked.Single().Credential?.Secret));
    }

    [Fact]
    public void Pipeline_TokenGivenOnce_GoesOnToEveryPhase()
    {
        _session.Invoke($"{SecureToken} Get-DewyRelease ghr://owner/app -Token $secure | Save-DewyRelease -Root /app | Expand-DewyRelease | Switch-DewyRelease");

        Assert.Equal(4, _engine.Asked.Count);
        Assert.All(_engine.Asked, options => Assert.Equal(Secret, options.Credential?.Secret));
    }

    [Fact]
    public void Both_Given_AreRefused() =>
        Assert.StartsWith("InvalidOption,", _session.InvokeForError($"{SecureToken} Get-DewyRelease ghr://owner/app -Token $secure -Credential ([pscredential]::new('rita', $secure))").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Agent_SecretInTheLineItself_IsNotInTheJobsCommand()
    {
        var command = _session.Invoke($"$make = {{ param($text) $secure = [securestring]::new(); foreach ($c in $text.ToCharArray()) {{ $secure.AppendChar($c) }}; $secure }}; (Start-DewyAgent ghr://owner/app -Root /app -Token (& $make '{Secret}')).Command").Single();

        var text = Assert.IsType<string>(command.BaseObject);
        Assert.Contains("-Token", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }
}
