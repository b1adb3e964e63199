using System.Net.Http.Headers;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.Oci.Credentials;

namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>
/// What is sent as <c>Authorization</c> to one registry: nothing until it asks, then what it asks for, until it runs out or
/// is refused. One caller at a time.
/// </summary>
internal sealed class RegistryAuthorization
{
    private readonly ImageRepository _repository;
    private readonly RegistryServices _services;
    private readonly HttpCallText _text;
    private readonly HttpFailure _failure;
    private readonly RegistryCredentials _credentials;
    private readonly TokenClient _tokens;

    private AuthenticationHeaderValue? _header;
    private DateTimeOffset _usableUntil;
    private AuthChallenge? _challenge;

    public RegistryAuthorization(ImageRepository repository, HttpMessageInvoker client, HttpCallText text, RegistryServices services)
    {
        _repository = repository;
        _services = services;
        _text = text;
        _failure = new HttpFailure(services.TimeProvider, services.Redactor);
        _credentials = new RegistryCredentials(services);
        _tokens = new TokenClient(client, text, services);
    }

    /// <summary>Where the credentials were found that the registry was answered with; null where it asked for none, or there were none.</summary>
    public string? Origin { get; private set; }

    /// <summary>The header for the next request. A token that has run out is renewed before the registry has to refuse it.</summary>
    public async Task<AuthenticationHeaderValue?> GetAsync(CancellationToken cancellationToken)
    {
        if (_header is not null && _challenge is not null && _services.TimeProvider.GetUtcNow() >= _usableUntil)
            await AnswerAsync(_challenge, cancellationToken);
        return _header;
    }

    /// <summary>Answers a refusal with new credentials, read anew.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryUnauthorized"/>: there is nothing to answer with.</exception>
    public async Task AnswerAsync(HttpResponseMessage refused, CancellationToken cancellationToken) =>
        await AnswerAsync(AuthChallenge.Choose(refused) ?? throw Refused("it asks for a way of authentication that is neither Bearer nor Basic"), cancellationToken);

    private async Task AnswerAsync(AuthChallenge challenge, CancellationToken cancellationToken)
    {
        (_header, _challenge) = (null, challenge);
        var credential = await _credentials.FindAsync(_repository, cancellationToken);
        Origin = credential?.Origin;
        if (challenge.Scheme is "basic")
        {
            _header = TokenClient.Basic(credential switch
            {
                null => throw Refused($"it wants a user and a password, and there are none for {_repository.Host}"),
                { IsIdentityToken: true } => throw Refused($"it wants a user and a password, and {credential.Origin} has a token"),
                _ => credential,
            });
            _services.Redactor.Add(_header.Parameter);
            _usableUntil = DateTimeOffset.MaxValue;
            return;
        }

        var realm = TokenRealm.Read(challenge.Realm ?? "", _repository, why => _failure.Malformed(why, _text));
        var token = await _tokens.GetAsync(realm, challenge.Service, TokenRealm.Scope(challenge, _repository), credential, cancellationToken);
        _header = new AuthenticationHeaderValue("Bearer", token.Value);
        _usableUntil = token.UsableUntil;
    }

    private DewyException Refused(string why) => _failure.Create(ErrorCode.RegistryUnauthorized, $"{_text.Subject} refuses access: {why}.", _text, _text.UnauthorizedStep);
}
