using System.Runtime.InteropServices;

namespace Dewy.Benchmarks.Proxy;

/// <summary>What the runs of one proxy in one setting came to.</summary>
internal sealed class ProxyFigures
{
    private readonly List<WrkRun> _runs = [];
    private TimeSpan _processor;

    public double PerSecond => Median(_runs.Select(run => run.PerSecond));

    /// <summary>In milliseconds.</summary>
    public double Half => Median(_runs.Select(run => run.Median.TotalMilliseconds));

    /// <summary>In milliseconds.</summary>
    public double Most => Median(_runs.Select(run => run.Slow.TotalMilliseconds));

    /// <summary>Processor time of the proxy for a request, in microseconds.</summary>
    public double Processor => _processor.TotalMicroseconds / Math.Max(1, _runs.Sum(run => run.Requests));

    public long Failures => _runs.Sum(run => run.Failures);

    public void Add(WrkRun run, TimeSpan processor)
    {
        _runs.Add(run);
        _processor += processor;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = CollectionsMarshal.AsSpan(values.Order().ToList());
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
