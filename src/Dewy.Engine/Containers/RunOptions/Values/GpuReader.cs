using System.Globalization;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads <c>all</c>, a number, or <c>count=2,capabilities=utility</c>, <c>"device=0,1"</c>, <c>driver=nvidia</c>.</summary>
internal static class GpuReader
{
    public static GpuEntry Read(string text)
    {
        long? count = null;
        string? driver = null;
        IReadOnlyList<string> devices = [];
        List<string> capabilities = ["gpu"];
        foreach (var (key, value) in KeyValueText.Split(text))
        {
            switch (key)
            {
                case "count" when value is not null: count = Count(value); break;
                case "driver" when value is { Length: > 0 }: driver = value; break;
                case "device" when value is { Length: > 0 }: devices = value.Split(','); break;
                case "capabilities" when value is { Length: > 0 }: capabilities.AddRange(value.Split(',').Where(name => name is not "gpu")); break;
                case var bare when value is null: count = Count(bare); break;
                default: throw new FormatException($"'{key}' is none of its keys: count, device, driver, capabilities");
            }
        }

        if (devices.Count > 0 && count is not null)
            throw new FormatException("GPUs are either counted or named");
        return new GpuEntry(devices.Count > 0 ? 0 : count ?? 1, devices, driver, capabilities);
    }

    private static long Count(string text) =>
        text is "all" ? -1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new FormatException($"'{text}' is neither 'all' nor a number of GPUs");
}
