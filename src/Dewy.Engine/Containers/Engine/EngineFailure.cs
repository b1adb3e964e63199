using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Dewy.Engine.Diagnostics;
using Docker.DotNet;

namespace Dewy.Engine.Containers.Engine;

/// <summary>Puts what goes wrong between the agent and a container engine into words.</summary>
internal sealed class EngineFailure(EngineAddress address, string userName, SecretRedactor redactor)
{
    private const int LongestMessage = 500;

    /// <summary>The failure to reach an engine, or to understand it; null for anything else.</summary>
    /// <param name="exception">What was caught.</param>
    /// <param name="wasReached">Whether the engine has answered before: then it is not missing, but down.</param>
    public DewyException? Explain(Exception exception, bool wasReached) => exception switch
    {
        DockerApiException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused => Denied(MessageOf(refused), refused),
        HttpRequestException or IOException or SocketException or UnauthorizedAccessException or TimeoutException => ExplainConnection(exception, wasReached),
        JsonException => Create(ErrorCode.EngineUnavailable, $"What answers at {address.Display} is no container engine: {exception.Message}", "Check DOCKER_HOST and --runtime.", exception),
        _ => null,
    };

    public DewyException TimedOut(string what, TimeSpan limit) =>
        Create(ErrorCode.EngineUnavailable, $"The container engine at {address.Display} did not {what} within {limit.TotalSeconds:0} s.", "Look at the engine's log (journalctl -u docker) and the load of this host; the agent tries again by itself.");

    /// <summary>A failure with the engine's own words.</summary>
    public DewyException Create(ErrorCode code, string message, string nextStep, Exception? cause = null) =>
        new(code, redactor.Redact(message), cause is DockerApiException ? null : cause) // the library's exception has the raw answer
        {
            Phase = "start",
            Target = address.Display,
            NextStep = nextStep,
        };

    /// <summary>What an engine's error answer says, secrets removed.</summary>
    public string MessageOf(DockerApiException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var body = exception.ResponseBody ?? "";
        var text = body;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message))
                text = message.GetString() ?? "";
        }
        catch (JsonException)
        {
            // Proxies before an engine answer with pages.
        }

        return Clean(text.Length == 0 ? $"status {(int)exception.StatusCode}" : text);
    }

    /// <summary>One line of printable text of bounded length, secrets removed.</summary>
    public string Clean(string text)
    {
        var line = string.Concat(redactor.Redact(text).Trim().Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd('.');
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }

    private DewyException ExplainConnection(Exception exception, bool wasReached)
    {
        var innermost = exception;
        while (innermost.InnerException is not null && innermost is not SocketException)
            innermost = innermost.InnerException;
        if (innermost is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied })
            return Denied(innermost.Message, exception);
        if (innermost is AuthenticationException || exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            return Create(ErrorCode.EngineDenied, $"There is no secure connection to the container engine at {address.Display}: {innermost.Message}", "Check DOCKER_TLS_VERIFY and the certificates in DOCKER_CERT_PATH.", exception);
        if (!wasReached && IsMissing())
            return Create(ErrorCode.EngineMissing, $"There is no container engine at {address.Display}.", MissingStep(), exception);
        return Create(
            ErrorCode.EngineUnavailable,
            $"The container engine at {address.Display} does not answer: {(IsMissing() ? "its socket is gone" : Clean(innermost.Message))}.",
            address.Runtime is "podman" ? "Start it (systemctl start podman.socket) and look at its log; the agent tries again by itself." : "Start it (systemctl start docker) and look at its log (journalctl -u docker); the agent tries again by itself.",
            exception);
    }

    private bool IsMissing() =>
        address.SocketPath is { } path ? !File.Exists(path) : address.PipeName is { } name && OperatingSystem.IsWindows() && !File.Exists(@"\\.\pipe\" + name);

    private string MissingStep() => address switch
    {
        { Runtime: "podman" } => "Install Podman and enable its socket (systemctl enable --now podman.socket, with --user for a rootless one), or point DOCKER_HOST to it.",
        { PipeName: not null } => "Install and start Docker Desktop or the Docker Engine, or point DOCKER_HOST to an engine.",
        _ => "Install and start Docker (systemctl enable --now docker), choose --runtime podman, or point DOCKER_HOST to an engine.",
    };

    private DewyException Denied(string why, Exception exception) =>
        Create(
            ErrorCode.EngineDenied,
            $"The user {userName} may not use the container engine at {address.Display}: {Clean(why)}.",
            address.SocketPath is not null && address.Runtime is not "podman"
                ? $"Add the user to the group that owns the socket (usermod -aG docker {userName}) and start the agent anew, or use a rootless engine."
                : "Give the agent's user access to the engine, or point DOCKER_HOST to one it may use.",
            exception);
}
