using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>
/// Tokens of a GitHub App's installation (docs.github.com/apps, "Generating a JSON Web Token" and "Authenticating as an
/// installation"): they hold for an hour and are renewed shortly before.
/// </summary>
internal sealed class GitHubAppCredentials : GitHubCredentials
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    /// <summary>GitHub takes ten minutes at most, and advises to allow for clocks that differ by one.</summary>
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(9);

    private static readonly TimeSpan ClockDrift = TimeSpan.FromMinutes(1);

    private readonly GitHubAppSettings _settings;
    private readonly RegistryServices _services;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly HttpClient _client;
    private readonly Uri _url;
    private readonly SemaphoreSlim _one = new(1, 1);
    private GitHubAccessToken? _token;
    private string? _expired;

    public GitHubAppCredentials(GitHubAppSettings settings, Uri api, RegistryServices services)
    {
        _settings = settings;
        _services = services;
        _url = new Uri(api, $"app/installations/{settings.Installation}/access_tokens");
        _text = new HttpCallText
        {
            Subject = $"The GitHub App {settings.Id}",
            Target = UrlText.Of(_url),
            NotFoundCode = ErrorCode.RegistryUnauthorized,
            NotFoundStep = $"Check {GitHubAppSettings.InstallationName}: the app has no such installation.",
            UnauthorizedStep = $"Check {GitHubAppSettings.IdName}, the app's private key and this host's clock.",
        };
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
        _client = new HttpClient(new RegistryApiHandler(services.CreateHandler(), _text, services)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override string Name => $"GitHub App {_settings.Id}";

    public override async Task<AuthenticationHeaderValue?> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || _services.TimeProvider.GetUtcNow() >= _token.ExpiresAt - RenewBefore)
                _token = await CreateAsync(cancellationToken);
            return new AuthenticationHeaderValue("Bearer", _token.Token);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Refused() => _token = null;

    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
        _one.Dispose();
    }

    private async Task<GitHubAccessToken> CreateAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CreateAssertion());
        GitHubHandler.Describe(request);
        using var response = await _client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw await _failure.ExplainAsync(response, _text, cancellationToken);
        var token = await JsonAnswer.ReadAsync(response, GitHubJson.Default.GitHubAccessToken, _failure, _text, cancellationToken);
        _services.Redactor.Add(token.Token);
        _services.Redactor.Remove(_expired);
        _expired = token.Token; // by the time there is another one
        return token;
    }

    private string CreateAssertion()
    {
        var now = _services.TimeProvider.GetUtcNow();
        var claims = $$"""{"iat":{{(now - ClockDrift).ToUnixTimeSeconds()}},"exp":{{(now + AssertionLife).ToUnixTimeSeconds()}},"iss":"{{JsonEncodedText.Encode(_settings.Id, JavaScriptEncoder.Default)}}"}""";
        var text = $"{Encode("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        using var key = _settings.OpenKey(_services);
        return $"{text}.{Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
