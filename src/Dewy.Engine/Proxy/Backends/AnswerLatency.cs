namespace Dewy.Engine.Proxy.Backends;

/// <summary>How long answers take to begin, as an average in which the last few dozen count. Thread-safe.</summary>
internal sealed class AnswerLatency
{
    /// <summary>Weight of the newest answer.</summary>
    private const double Weight = 1.0 / 16;

    /// <summary>Bits of the average in ticks; NaN before the first answer.</summary>
    private long _ticks = BitConverter.DoubleToInt64Bits(double.NaN);

    /// <summary>Null before the first answer.</summary>
    public TimeSpan? Mean => BitConverter.Int64BitsToDouble(Interlocked.Read(ref _ticks)) is var ticks && double.IsNaN(ticks) ? null : TimeSpan.FromTicks((long)ticks);

    public void Add(TimeSpan latency)
    {
        while (true)
        {
            var before = Interlocked.Read(ref _ticks);
            var mean = BitConverter.Int64BitsToDouble(before);
            var after = double.IsNaN(mean) ? latency.Ticks : mean + ((latency.Ticks - mean) * Weight);
            if (Interlocked.CompareExchange(ref _ticks, BitConverter.DoubleToInt64Bits(after), before) == before)
                return;
        }
    }
}
