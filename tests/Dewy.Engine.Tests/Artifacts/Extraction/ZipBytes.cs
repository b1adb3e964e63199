using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>Writes zips by hand, stored entries only; every field can lie.</summary>
internal sealed class ZipBytes
{
    private const int UnixHost = 3;

    private readonly List<byte> _content = [];
    private readonly List<byte> _directory = [];
    private int _entries;

    public ZipBytes File(string name, string content = "content", int mode = 0x8000 | 0b110_100_100, int host = UnixHost) =>
        Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(content), mode, host);

    /// <summary>Adds an entry; the changes are made to its record in the directory.</summary>
    public ZipBytes Add(byte[] name, byte[] content, int mode, int host = UnixHost, byte[]? extra = null, Action<byte[]>? record = null)
    {
        var offset = _content.Count;
        var local = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
        Common(local.AsSpan(4), name, content);
        _content.AddRange([.. local, .. name, .. content]);

        var central = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(central, 0x02014b50);
        central[5] = (byte)host;
        Common(central.AsSpan(6), name, content);
        BinaryPrimitives.WriteUInt16LittleEndian(central.AsSpan(30), (ushort)(extra?.Length ?? 0));
        BinaryPrimitives.WriteUInt32LittleEndian(central.AsSpan(38), (uint)mode << 16);
        BinaryPrimitives.WriteUInt32LittleEndian(central.AsSpan(42), (uint)offset);
        record?.Invoke(central);
        _directory.AddRange([.. central, .. name, .. extra ?? []]);
        _entries++;
        return this;
    }

    public byte[] End()
    {
        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)_entries);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)_entries);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)_directory.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)_content.Count);
        return [.. _content, .. _directory, .. end];
    }

    // The fields local headers and directory records share, from "version needed" on.
    private static void Common(Span<byte> header, byte[] name, byte[] content)
    {
        header[0] = 20;
        BinaryPrimitives.WriteUInt32LittleEndian(header[6..], 0x5A21_0000 | (12 << 11)); // 2025-01-01 12:00:00
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], Crc32.HashToUInt32(content));
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], (uint)content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)name.Length);
    }
}
