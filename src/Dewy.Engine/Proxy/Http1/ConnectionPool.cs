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

    /// <summary>For how long after a connection was lost without a word new ones are not trusted at once.</summary>
    public static readonly TimeSpan DoubtTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a connection that is not trusted must stay open before something is sent on it. Docker's port proxy accepts
    /// for a container that has just died, and closes a millisecond later.
    /// </summary>
    public static readonly TimeSpan ProofTime = TimeSpan.FromMilliseconds(20);

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
    private long? _lostAt;
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

            if (_time.GetElapsedTime(connection.RestsSince) < RestLimit)
            {
                if ((!makeSure || connection.IsQuiet()) && connection.TryBegin())
                    return connection;
                NoteLoss();
            }

            Close(connection);
        }
    }

    /// <summary>A connection has ended that should not have: whoever was there may be gone.</summary>
    public void NoteLoss()
    {
        lock (_sync)
            _lostAt = _time.GetTimestamp();
    }

    /// <summary>Makes a connection for one exchange.</summary>
    /// <param name="makeSure">Whether to wait a moment if it stays open, where there is doubt: for what cannot be asked again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">It refused, did not answer in time, or was closed at once.</exception>
    public async ValueTask<BackendConnection> OpenAsync(bool makeSure, CancellationToken cancellationToken)
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
        else if (makeSure && IsInDoubt())
            await ProveAsync(connection, cancellationToken);
        connection.TryBegin();
        return connection;
    }

    /// <summary>Takes back a connection that may be used again.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isBusy">Whether to give any other before it.</param>
    public void Return(BackendConnection connection, bool isBusy = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rests = connection.TryRest(_time.GetTimestamp());
        if (rests)
        {
            lock (_sync)
            {
                rests = !_isClosed && _atRest.Count < MostAtRest;
                if (rests)
                    _atRest.Insert(isBusy ? 0 : _atRest.Count, connection);
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

    private bool IsPastUse(BackendConnection connection) => connection.Reader.HasNews || _time.GetElapsedTime(connection.RestsSince) >= RestLimit;

    private bool IsInDoubt()
    {
        lock (_sync)
            return _lostAt is { } lostAt && _time.GetElapsedTime(lostAt) < DoubtTime;
    }

    private async ValueTask ProveAsync(BackendConnection connection, CancellationToken cancellationToken)
    {
        connection.Reader.ReadAhead();
        try
        {
            await Task.Delay(ProofTime, _time, cancellationToken);
            if (connection.Reader.HasNews || !connection.IsQuiet())
                throw new SocketException((int)SocketError.ConnectionReset);
        }
        catch
        {
            Close(connection);
            throw;
        }
    }

    private void Look()
    {
        BackendConnection[] all;
        List<BackendConnection> old = [];
        lock (_sync)
        {
            old.AddRange(_atRest.Where(IsPastUse));
            _atRest.RemoveAll(old.Contains);
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
