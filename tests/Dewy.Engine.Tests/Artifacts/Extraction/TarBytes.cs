using System.Text;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Writes tars by hand, hostile ones included: no field is checked.</summary>
internal sealed class TarBytes
{
    private readonly List<byte> _tar = [];

    public TarBytes File(string name, string content = "content", int mode = 0b110_100_100) => Add(name, '0', Encoding.UTF8.GetBytes(content), mode: mode);

    public TarBytes Directory(string name, int mode = 0b111_101_101) => Add(name, '5', [], mode: mode);

    public TarBytes SymbolicLink(string name, string target) => Add(name, '2', [], target);

    public TarBytes HardLink(string name, string target) => Add(name, '1', [], target);

    /// <summary>An extended header with records in order.</summary>
    public TarBytes Pax(params (string Key, string Value)[] records) => Add("PaxHeaders/x", 'x', PaxRecords(records));

    public TarBytes Add(string name, char type, byte[] content, string linkName = "", int mode = 0b110_100_100, long? size = null, Action<byte[]>? header = null)
    {
        var block = new byte[512];
        Put(block, 0, 100, name);
        Put(block, 100, 8, Convert.ToString(mode, 8).PadLeft(7, '0'));
        Put(block, 124, 12, Convert.ToString(size ?? content.Length, 8).PadLeft(11, '0'));
        Put(block, 136, 12, Convert.ToString(1_600_000_000, 8).PadLeft(11, '0'));
        block[156] = (byte)type;
        Put(block, 157, 100, linkName);
        Put(block, 257, 8, "ustar\u000000");
        header?.Invoke(block);
        Put(block, 148, 8, "        ");
        Put(block, 148, 8, Convert.ToString(block.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        _tar.AddRange(block);
        _tar.AddRange(content);
        _tar.AddRange(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    /// <summary>Bytes as they are.</summary>
    public TarBytes Raw(byte[] bytes)
    {
        _tar.AddRange(bytes);
        return this;
    }

    /// <summary>The tar with its two empty blocks.</summary>
    public byte[] End() => [.. _tar, .. new byte[1024]];

    public byte[] WithoutEnd() => [.. _tar];

    public static byte[] PaxRecords(params (string Key, string Value)[] records) => [.. records.SelectMany(record => PaxRecord(record.Key, record.Value))];

    private static byte[] PaxRecord(string key, string value)
    {
        var rest = Encoding.UTF8.GetBytes($" {key}={value}\n");
        var length = rest.Length + 1;
        while (length != rest.Length + length.ToString().Length)
            length = rest.Length + length.ToString().Length;
        return [.. Encoding.ASCII.GetBytes(length.ToString()), .. rest];
    }

    private static void Put(byte[] block, int offset, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(block.AsSpan(offset));
    }
}
