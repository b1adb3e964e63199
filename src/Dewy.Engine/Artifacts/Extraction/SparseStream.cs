namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The content of a sparse file with its holes as zeros.</summary>
internal sealed class SparseStream(Stream data, SparseMap map) : ReadOnlyStream
{
    private int _region;
    private long _offset;

    public override int Read(Span<byte> buffer)
    {
        while (_region < map.Regions.Count && _offset >= map.Regions[_region].Offset + map.Regions[_region].Length)
            _region++;
        var next = _region < map.Regions.Count ? map.Regions[_region] : (Offset: map.RealSize, Length: 0L);
        int count;
        if (_offset < next.Offset)
        {
            count = (int)Math.Min(buffer.Length, next.Offset - _offset);
            buffer[..count].Clear();
        }
        else
        {
            count = (int)Math.Min(buffer.Length, next.Offset + next.Length - _offset);
            count = count == 0 ? 0 : data.Read(buffer[..count]);
        }

        _offset += count;
        return count;
    }
}
