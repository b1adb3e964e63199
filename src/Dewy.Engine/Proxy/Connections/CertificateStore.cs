using System.Net.Security;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>
/// The certificate new connections are met with. Looks at its files every ten seconds, whatever put them there (a rename, a
/// symbolic link that is switched, a mount), and takes new ones when they are whole.
/// </summary>
internal sealed class CertificateStore : IAsyncDisposable
{
    /// <summary>From one look at the files to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _certificateFile;
    private readonly string? _keyFile;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watch;
    private CertificateFiles _files;
    private SslServerAuthenticationOptions _current;
    private string? _told;

    /// <exception cref="DewyException">The certificate cannot be used.</exception>
    public CertificateStore(string certificateFile, string? keyFile, IEngineEventSink events, TimeProvider time)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _events = events;
        _time = time;
        _files = ServerCertificate.Read(certificateFile, keyFile);
        _current = Options(ServerCertificate.Load(_files, certificateFile));
        _watch = WatchAsync(_end.Token);
    }

    /// <summary>What a handshake that begins now is done with.</summary>
    public SslServerAuthenticationOptions Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch;
        _end.Dispose();
    }

    private static SslServerAuthenticationOptions Options(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The proxy has stopped.
        }
    }

    private void Look()
    {
        try
        {
            var files = ServerCertificate.Read(_certificateFile, _keyFile);
            if (files.IsSameAs(_files))
            {
                _told = null;
                return;
            }

            // Connections that are open go on with the old one, which the collector frees when the last is gone.
            Volatile.Write(ref _current, Options(ServerCertificate.Load(files, _certificateFile)));
            _files = files;
            _told = null;
        }
        catch (DewyException exception)
        {
            if (string.Equals(_told, exception.Message, StringComparison.Ordinal))
                return;
            _told = exception.Message;
            _events.Publish(new AttentionNeeded($"{exception.Message} The proxy goes on with the one it has.", _certificateFile, exception.NextStep) { Time = _time.GetUtcNow() });
        }
    }
}
