using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp;

/// <summary>For how long nothing has moved, as seen by one who looks now and then.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct QuietTime
{
    private bool _hasMoved;
    private bool _isQuiet;
    private long _since;

    /// <summary>Something moved. It is the one who looks that notes the time: this would be a look at the clock for every piece.</summary>
    public void Moved() => _hasMoved = true;

    /// <summary>Whether nothing has moved since a look at least <paramref name="limit"/> ago.</summary>
    public bool Reaches(TimeProvider time, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (_isQuiet && !_hasMoved)
            return time.GetElapsedTime(_since) >= limit;
        _hasMoved = false;
        _isQuiet = true;
        _since = time.GetTimestamp();
        return false;
    }
}
