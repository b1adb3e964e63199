using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Dewy.Engine.Admin.Answers;
using Dewy.Engine.Deployment;

namespace Dewy.Engine.Admin;

/// <summary>Asks the admin API of the agent that holds a root, in whatever process it is.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>Whoever looks at a status does not wait long for an agent that hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private const int MaximumAnswer = 16 << 20;

    private readonly HttpClient _http;

    private AdminClient(AdminRecord record)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Limit };
        if (record.Socket is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        _http = new HttpClient(handler) { BaseAddress = record.Url ?? new Uri("http://localhost/"), Timeout = Limit, MaxResponseContentBufferSize = MaximumAnswer };
    }

    /// <summary>A client of the root's agent; null where none runs, or none that can be asked.</summary>
    public static AdminClient? For(AgentStatus written, RootLayout layout) =>
        written.AgentProcessId is { } processId && AdminRecord.Read(layout) is { } record && record.ProcessId == processId ? new AdminClient(record) : null;

    /// <summary>What is written down, with what the agent knows better; as it was where the agent does not answer.</summary>
    public async Task<AgentStatus> CompleteAsync(AgentStatus written, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<StatusAnswer>("api/status", AdminJson.Plain, cancellationToken) is { } answer
                ? written with
                {
                    State = answer.State,
                    Held = answer.Held,
                    LastCheck = answer.LastCheck,
                    NewestTag = answer.NewestVersion,
                    Processes = answer.Processes,
                    Replicas = [.. answer.Replicas.Select(replica => replica.ToReplica())],
                    Proxy = answer.Proxy,
                }
                : written;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or NotSupportedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return written;
        }
    }

    public void Dispose() => _http.Dispose();
}
