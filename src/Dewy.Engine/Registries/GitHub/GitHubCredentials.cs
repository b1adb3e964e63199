using System.Net.Http.Headers;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>What the agent shows GitHub: an app's installation token, a given token, or nothing.</summary>
internal abstract class GitHubCredentials : IDisposable
{
    private const string NoCredentialsName = "none";

    /// <summary>Where they come from, for messages; never their value.</summary>
    public abstract string Name { get; }

    public bool IsAnonymous => ReferenceEquals(this, Anonymous);

    private static GitHubCredentials Anonymous { get; } = new Fixed(NoCredentialsName, null);

    /// <summary>A token given by hand, else the credentials of the environment: GitHub App, then <c>GH_TOKEN</c>, then <c>GITHUB_TOKEN</c>, then none. The redactor learns them.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: an app is half configured.</exception>
    public static GitHubCredentials Read(RegistryServices services, Uri api)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Credential is { } given)
            return Checked(given.Origin, given.Secret, services);
        if (GitHubAppSettings.Read(services) is { } app)
            return new GitHubAppCredentials(app, api, services);
        foreach (var name in (ReadOnlySpan<string>)["GH_TOKEN", "GITHUB_TOKEN"])
        {
            if (services.Variable(name) is { } token)
                return Checked(name, token, services);
        }

        return Anonymous;
    }

    /// <summary>The header to send; null for none.</summary>
    /// <exception cref="DewyException">An app's token cannot be had.</exception>
    public abstract Task<AuthenticationHeaderValue?> GetAsync(CancellationToken cancellationToken);

    /// <summary>GitHub refused them: what can be renewed is.</summary>
    public virtual void Refused()
    {
    }

    /// <summary>Lets go of connections.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private static Fixed Checked(string name, string token, RegistryServices services)
    {
        services.Redactor.Add(token);
        return token.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c > '~')
            ? throw new DewyException(ErrorCode.InvalidOption, $"{name} holds no token: it has characters no token has.") { Target = name, NextStep = "Set it to the token alone, on one line." }
            : new Fixed(name, token);
    }

    private sealed class Fixed(string name, string? token) : GitHubCredentials
    {
        private readonly AuthenticationHeaderValue? _header = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        public override string Name => name;

        public override Task<AuthenticationHeaderValue?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(_header);
    }
}
