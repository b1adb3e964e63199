using System.Net;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Tests.Replicas.Support;

/// <summary>A replica that is a little web server inside the test: it listens, answers what it is told, and can die.</summary>
internal sealed class ExampleReplica : IReplica, IDisposable
{
    private readonly TaskCompletionSource<ProcessExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Action<ExampleReplica> _onStop;

    public ExampleReplica(LiveRelease release, int number, int serial, Action<ExampleReplica> onStop, bool listens = true)
    {
        Release = release;
        Number = number;
        Id = $"{serial}";
        Name = $"app-{serial}-{number}";
        _onStop = onStop;
        _listener.Start();
        EndPoints = [(IPEndPoint)_listener.LocalEndpoint];
        if (listens)
            Serving = ServeAsync();
        else
            _listener.Stop();
    }

    public string Id { get; }

    public string Name { get; }

    public int Number { get; }

    public LiveRelease Release { get; }

    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    public DateTimeOffset StartedAt { get; } = DateTimeOffset.UtcNow;

    public bool IsAsConfigured { get; set; } = true;

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 200;

    public bool IsStopped { get; private set; }

    public Task<ProcessExit> Ended => _ended.Task;

    public Task Serving { get; } = Task.CompletedTask;

    public Task<bool?> AskItselfAsync(CancellationToken cancellationToken) => Task.FromResult<bool?>(null);

    public Task<string> ReadLastOutputAsync(CancellationToken cancellationToken) => Task.FromResult("last words");

    public void Crash()
    {
        _stopped.Cancel();
        _ended.TrySetResult(new ProcessExit { Code = 3, LastOutput = "last words" });
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped.Cancel();
        IsStopped = true;
        _ended.TrySetResult(new ProcessExit { Code = 0, Expected = true });
        _onStop(this);
        return Task.CompletedTask;
    }

    public Replica Describe() => new() { Application = "app", Id = Id, Name = Name, Number = Number, Tag = Release.Tag, State = ReplicaState.Starting, StartedAt = StartedAt };

    public void Dispose()
    {
        _stopped.Cancel();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopped.Token);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096], _stopped.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Status} Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stopped.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _listener.Stop();
        }
    }
}
