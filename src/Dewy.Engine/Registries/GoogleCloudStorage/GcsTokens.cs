using System.Text.Json;
using Dewy.Engine.Registries.Http;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>
/// Access tokens of Google's application default credentials: the file <c>GOOGLE_APPLICATION_CREDENTIALS</c> names (service
/// account, authorized user, workload identity), the file gcloud writes, the metadata server. Where there is none, requests
/// are anonymous, which public buckets and emulators allow. The library renews tokens before they expire. A token given by
/// hand goes before all of them; nobody renews it.
/// </summary>
internal sealed class GcsTokens : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";
    private const string FileVariable = "GOOGLE_APPLICATION_CREDENTIALS";

    private static readonly string[] Types = ["service_account", "authorized_user", "external_account", "external_account_authorized_user", "impersonated_service_account"];

    /// <summary>What in such files must not be shown.</summary>
    private static readonly string[] Secrets = ["private_key", "client_secret", "refresh_token"];

    /// <summary>How long finding that there are no credentials holds: asking the metadata server that is not there takes seconds.</summary>
    private static readonly TimeSpan NoneHolds = TimeSpan.FromMinutes(10);

    private readonly RegistryServices _services;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly bool _isAnonymous;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private GoogleCredential? _credential;
    private long? _noneSince;
    private string? _last;

    /// <param name="server">The server tokens are for: they are sent over TLS or to this host's own loopback, nowhere else.</param>
    /// <param name="isEmulator">Whether it needs none.</param>
    /// <param name="services">Clock, environment, redactor and connections.</param>
    /// <param name="text">What failures call the bucket.</param>
    public GcsTokens(Uri server, bool isEmulator, RegistryServices services, HttpCallText text)
    {
        _services = services;
        _text = text;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
        _isAnonymous = isEmulator || (server.Scheme != Uri.UriSchemeHttps && !server.IsLoopback);
    }

    /// <summary>Where tokens come from; known once one was asked for.</summary>
    public string Origin =>
        _isAnonymous ? "none"
        : _services.Credential is { } given ? given.Origin
        : _services.Variable(FileVariable) is not null ? FileVariable
        : _credential is not null ? "application default credentials"
        : "none";

    /// <summary>A token for the next request; null for an anonymous one.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryUnauthorized"/>: the credentials are of no use; <see cref="ErrorCode.RegistryUnavailable"/>: nobody gives tokens at the moment.</exception>
    public async Task<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (_isAnonymous)
            return null;
        if (_services.Credential is { } given)
            return given.Secret;
        try
        {
            if (await FindAsync(cancellationToken) is not { } credential)
                return null;
            var token = await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
            if (!string.Equals(token, _last, StringComparison.Ordinal))
                _services.Redactor.Add(token);
            return _last = token;
        }
        catch (Google.Apis.Auth.OAuth2.Responses.TokenResponseException exception) when (exception.StatusCode is { } status && (int)status >= 500)
        {
            throw Unavailable(exception);
        }
        catch (HttpRequestException exception)
        {
            throw Unavailable(exception);
        }
        catch (Exception exception) when (exception is Google.Apis.Auth.OAuth2.Responses.TokenResponseException or InvalidOperationException or IOException or UnauthorizedAccessException or FormatException or Newtonsoft.Json.JsonException)
        {
            throw _failure.Create(ErrorCode.RegistryUnauthorized, $"{_text.Subject} needs credentials, and Google's give no access token: {exception.Message.TrimEnd('.')}.", _text, _text.UnauthorizedStep, exception);
        }
    }

    public void Dispose() => _gate.Dispose();

    private DewyException Unavailable(Exception exception) => _failure.Create(
        ErrorCode.RegistryUnavailable, $"{_text.Subject} needs an access token, and the server that gives them cannot be reached: {exception.Message.TrimEnd('.')}.", _text, "Check the network; the agent tries again by itself.", exception);

    private async Task<GoogleCredential?> FindAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_credential is not null || (_noneSince is { } since && _services.TimeProvider.GetElapsedTime(since) < NoneHolds))
                return _credential;
            _credential = (await LoadAsync(cancellationToken))?.CreateScoped(Scope).CreateWithHttpClientFactory(Connections());
            _noneSince = _credential is null ? _services.TimeProvider.GetTimestamp() : null;
            return _credential;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<GoogleCredential?> LoadAsync(CancellationToken cancellationToken)
    {
        if (_services.Variable(FileVariable) is { } file)
            return await CredentialFactory.FromFileAsync(file, await ReadTypeAsync(file, cancellationToken), cancellationToken);
        try
        {
            return await GoogleCredential.GetApplicationDefaultAsync(cancellationToken);
        }
        catch (InvalidOperationException)
        {
            return null; // the library's way to say that there are none
        }
    }

    /// <summary>What kind of credentials a file holds, whose secrets the redactor learns; only kinds that are meant for programs are taken (the library wants to be told).</summary>
    private async Task<string> ReadTypeAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                Learn(document.RootElement);
            var type = document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var value) ? value.ToString() : "";
            return Types.Contains(type, StringComparer.Ordinal) ? type : throw new FormatException($"{file} holds no credentials of a known type ('{type}')");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{file} is no JSON", exception);
        }
    }

    private void Learn(JsonElement credentials)
    {
        foreach (var name in Secrets)
        {
            if (credentials.TryGetProperty(name, out var secret) && secret.ValueKind is JsonValueKind.String)
                _services.Redactor.Add(secret.GetString());
        }

        // What is impersonated from is such a file again.
        if (credentials.TryGetProperty("source_credentials", out var source) && source.ValueKind is JsonValueKind.Object)
            Learn(source);
    }

    /// <summary>Connections of the same kind as all others: the environment's proxies, time limits, no surprises.</summary>
    private HttpClientFromMessageHandlerFactory Connections() => new(_ => new HttpClientFromMessageHandlerFactory.ConfiguredHttpMessageHandler(_services.CreateHandler(), performsAutomaticDecompression: false, handlesRedirect: false));
}
