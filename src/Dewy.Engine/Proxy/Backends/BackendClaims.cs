namespace Dewy.Engine.Proxy.Backends;

/// <summary>
/// How many exchanges hold a backend, and whether it may be claimed at all, in one word: so that no claim can be granted
/// after it was closed, and none that was granted before is missed.
/// </summary>
internal sealed class BackendClaims
{
    /// <summary>The sign bit says closed; the others count.</summary>
    private const int Closed = int.MinValue;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _word;

    /// <summary>Claims that have not been released.</summary>
    public int Count => Volatile.Read(ref _word) & ~Closed;

    public bool IsClosed => Volatile.Read(ref _word) < 0;

    /// <summary>Completes when it is closed and the last claim was released.</summary>
    public Task Idle => _idle.Task;

    /// <summary>Claims; false where it is closed.</summary>
    public bool TryClaim()
    {
        var word = Volatile.Read(ref _word);
        while (word >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _word, word + 1, word);
            if (seen == word)
                return true;
            word = seen;
        }

        return false;
    }

    /// <summary>Gives one claim back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _word) == Closed)
            _idle.TrySetResult();
    }

    /// <summary>Grants no claim from now on.</summary>
    /// <returns>The claims there are.</returns>
    public int Close()
    {
        var before = Interlocked.Or(ref _word, Closed);
        if ((before & ~Closed) == 0)
            _idle.TrySetResult();
        return before & ~Closed;
    }
}
