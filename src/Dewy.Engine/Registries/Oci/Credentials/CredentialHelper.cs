using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci.Credentials;

/// <summary>
/// Asks a credential helper: <c>docker-credential-&lt;name&gt; get</c> reads the server's name from its standard input and
/// writes JSON (docker/docker-credential-helpers). It gets the agent's whole environment, because most of them need a
/// cloud's credentials from there.
/// </summary>
internal sealed partial class CredentialHelper(RegistryServices services)
{
    /// <summary>Helpers of clouds ask the network; none takes nearly as long.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int OutputLimitBytes = 64 * 1024;
    private const int LongestComplaint = 200;
    private const int Kill = 9;
    private const string IdentityTokenUser = "<token>";

    /// <summary>The answer is a secret, and one that is known already must still be read as it is.</summary>
    private static readonly SecretRedactor Unredacted = new();

    /// <summary>How long output is still read after the helper ended, and waited for after it was killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>What the helper keeps for a server; null where it keeps nothing.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.RegistryUnauthorized"/>: the helper is missing, fails, or takes too long.</exception>
    public async Task<RegistryCredential?> GetAsync(string name, string serverUrl, CancellationToken cancellationToken)
    {
        var program = $"docker-credential-{name}";
        if (!NameShape().IsMatch(name))
            throw Failure(name, "that is no name of a helper");
        await using var child = Start(program, serverUrl);
        OutputRing output = new(OutputLimitBytes), error = new(OutputLimitBytes);
        using var stopReading = new CancellationTokenSource();
        var reading = Task.WhenAll(
            OutputPump.CopyAsync(child.StandardOutput, output, stopReading.Token),
            OutputPump.CopyAsync(child.StandardError, error, stopReading.Token));
        var exit = await WaitAsync(child, cancellationToken);
        await Task.WhenAny(reading, Task.Delay(Grace, services.TimeProvider, CancellationToken.None));
        await stopReading.CancelAsync();
        await reading;
        cancellationToken.ThrowIfCancellationRequested();
        return exit switch
        {
            null => throw Failure(program, $"it took longer than {Timeout.TotalSeconds:0} s"),
            { Code: 0 } => Read(output.Read(Unredacted), program),
            _ when SaysNotFound(output, error) => null,
            _ => throw Failure(program, $"it {exit}{Complaint(output, error)}"),
        };
    }

    private IChildProcess Start(string program, string serverUrl)
    {
        try
        {
            return services.Processes.Start(new ProcessStart
            {
                Program = program,
                Arguments = ["get"],
                WorkingDirectory = AppContext.BaseDirectory,
                Environment = services.Environment,
                StandardInput = Encoding.UTF8.GetBytes(serverUrl + "\n"),
            });
        }
        catch (DewyException exception)
        {
            throw Failure(program, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>How it ended; null where it had to be ended.</summary>
    private async Task<ProcessExit?> WaitAsync(IChildProcess child, CancellationToken cancellationToken)
    {
        try
        {
            return await child.Exited.WaitAsync(Timeout, services.TimeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            new ProcessTree(child).Signal(Kill);
            await Task.WhenAny(child.Exited, Task.Delay(Grace, services.TimeProvider, CancellationToken.None));
            return null;
        }
    }

    private RegistryCredential? Read(string json, string program)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(json, OciJson.Default.HelperDocument);
            if (string.IsNullOrEmpty(answer?.Secret))
                return null;
            return new RegistryCredential
            {
                User = answer.Username ?? "",
                Secret = answer.Secret,
                IsIdentityToken = answer.Username is IdentityTokenUser,
                Origin = program,
            };
        }
        catch (JsonException)
        {
            throw Failure(program, "it wrote something that is not the JSON it should write");
        }
    }

    // The helpers' protocol knows no codes: this sentence, on either stream, is how they say that they have nothing.
    private bool SaysNotFound(OutputRing output, OutputRing error) =>
        (output.Read(services.Redactor) + error.Read(services.Redactor)).Contains("credentials not found", StringComparison.OrdinalIgnoreCase);

    private string Complaint(OutputRing output, OutputRing error)
    {
        var text = error.Read(services.Redactor).Trim() is { Length: > 0 } complaint ? complaint : output.Read(services.Redactor).Trim();
        var line = string.Concat(text.Split('\n')[0].Where(c => !char.IsControl(c)));
        return line.Length == 0 ? "" : $": {(line.Length <= LongestComplaint ? line : line[..LongestComplaint] + "…")}";
    }

    private DewyException Failure(string program, string why, Exception? cause = null) =>
        new(ErrorCode.RegistryUnauthorized, services.Redactor.Redact($"The credential helper {program} gave no credentials: {why}."), cause)
        {
            Phase = "check",
            Target = program,
            NextStep = "Run it by hand as the agent's user (echo <registry> | docker-credential-<name> get), or take it out of Docker's config.json (credHelpers, credsStore).",
        };

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameShape();
}
