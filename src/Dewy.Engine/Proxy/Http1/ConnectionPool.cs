using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// The connections to one address of a backend. Those at rest are used again, the last that came first, so that those that are
/// not needed grow old and are closed. All of them go with the backend: an address that is used again never meets a
/// connection of somebody else.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    /// <summary>How long a connection may rest: shorter than what applications keep theirs for (5 s in Node.js, the shortest that is common).</summary>
    public static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(4);

    /// <summary>Connections that may rest at once; further ones are closed.</summary>
    public const int MostAtRest = 1024;

    /// <summary>Looks at all connections within one idle time-out, which may be late by one of them, and the longest time between two.</summary>
    private const int LooksPerTimeout = 10;

    /// <inheritdoc cref="LooksPerTimeout"/>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, ValueTask<Socket>> _connect;
    private readonly TimeSpan _idleTimeout;
    private readonly TimeSpan _lookInterval;
    private readonly TimeProvider _time;
    private readonly ITimer _looks;
    private readonly Lock _sync = new();
    private readonly HashSet<BackendConnection> _all = [];
    private readonly List<BackendConnection> _atRest = [];
    private bool _isClosed;

    /// <param name="connect">Connects.</param>
    /// <param name="idleTimeout">How long an exchange may be quiet; zero for ever.</param>
    /// <param name="time">The clock.</param>
    public ConnectionPool(Func<CancellationToken, ValueTask<Socket>> connect, TimeSpan idleTimeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _connect = connect;
        _idleTimeout = idleTimeout;
        _time = time;
        _lookInterval = idleTimeout > TimeSpan.Zero && idleTimeout / LooksPerTimeout < LongestLook ? idleTimeout / LooksPerTimeout : LongestLook;
        _looks = time.CreateTimer(static pool => ((ConnectionPool?)pool)?.Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a connection that rests, for one exchange.</summary>
    /// <param name="makeSure">Whether to ask the system too if it is still open: for what cannot be asked again.</param>
    /// <returns>Null where there is none.</returns>
    public BackendConnection? TryTake(bool makeSure)
    {
        while (true)
        {
            BackendConnection? connection;
            lock (_sync)
            {
                if (_atRest.Count == 0)
                    return null;
                connection = _atRest[^1];
                _atRest.RemoveAt(_atRest.Count - 1);
            }

            if (_time.GetElapsedTime(connection.RestsSince) < RestLimit && (!makeSure || connection.IsQuiet()) && connection.TryBegin())
                return connection;
            Close(connection);
        }
    }

    /// <summary>Makes a connection for one exchange.</summary>
    /// <exception cref="SocketException">It refused, or did not answer in time.</exception>
    public async ValueTask<BackendConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new BackendConnection(await _connect(cancellationToken));
        bool isClosed;
        lock (_sync)
        {
            isClosed = _isClosed;
            if (!isClosed && _all.Add(connection) && _all.Count == 1)
                _looks.Change(_lookInterval, Timeout.InfiniteTimeSpan);
        }

        if (isClosed)
            connection.Break(BreakCause.Cut);
        else
            connection.TryBegin();
        return connection;
    }

    /// <summary>Takes back a connection that may be used again.</summary>
    public void Return(BackendConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rests = connection.TryRest(_time.GetTimestamp());
        if (rests)
        {
            lock (_sync)
            {
                rests = !_isClosed && _atRest.Count < MostAtRest;
                if (rests)
                    _atRest.Add(connection);
            }
        }

        if (!rests)
            Close(connection);
    }

    /// <summary>Closes a connection that is not used again.</summary>
    public void Close(BackendConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        lock (_sync)
            _all.Remove(connection);
        connection.Dispose();
    }

    /// <summary>Breaks off what is in flight, and keeps no connection any more.</summary>
    public void Cut()
    {
        BackendConnection[] all;
        BackendConnection[] atRest;
        lock (_sync)
        {
            _isClosed = true;
            all = [.. _all];
            atRest = [.. _atRest];
            _atRest.Clear();
        }

        foreach (var connection in atRest)
            Close(connection);
        foreach (var connection in all)
            connection.Break(BreakCause.Cut);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Cut();
        _looks.Dispose();
    }

    private void Look()
    {
        BackendConnection[] all;
        List<BackendConnection> old = [];
        lock (_sync)
        {
            // The oldest are first.
            var count = 0;
            while (count < _atRest.Count && _time.GetElapsedTime(_atRest[count].RestsSince) >= RestLimit)
                count++;
            old.AddRange(_atRest.Take(count));
            _atRest.RemoveRange(0, count);
            old.AddRange(_atRest.Where(connection => connection.Reader.HasNews));
            _atRest.RemoveAll(connection => connection.Reader.HasNews);
            all = [.. _all];
        }

        foreach (var connection in old)
            Close(connection);
        if (_idleTimeout > TimeSpan.Zero)
        {
            foreach (var connection in all)
                connection.BreakIfQuiet(_time, _idleTimeout);
        }

        lock (_sync)
        {
            if (_all.Count > 0 && !_isClosed)
                _looks.Change(_lookInterval, Timeout.InfiniteTimeSpan);
        }
    }
}
