using System.Runtime.InteropServices;
using System.Text;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>
/// The fields of the last answer on a connection as text. An application sends much the same again and again; what is the
/// same need not be made anew.
/// </summary>
internal sealed class FieldTexts
{
    /// <summary>Longer values are not kept.</summary>
    private const int LongestKept = 256;

    /// <summary>Further fields are not kept.</summary>
    private const int MostKept = 64;

    private readonly List<FieldText> _last = [];

    /// <summary>Makes text of a field.</summary>
    /// <param name="index">Its place among the fields.</param>
    /// <param name="name">Its name, a token.</param>
    /// <param name="value">Its value, of which every byte is a character.</param>
    public FieldText Get(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (index >= _last.Count)
        {
            var added = FieldText.Of(Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
            if (index < MostKept && value.Length <= LongestKept)
                _last.Add(added);
            return added;
        }

        ref var last = ref CollectionsMarshal.AsSpan(_last)[index];
        var isSameName = Ascii.Equals(name, last.Name);
        if (isSameName && Ascii.Equals(value, last.Value))
            return last;
        var text = isSameName ? last with { Value = Encoding.Latin1.GetString(value) } : FieldText.Of(Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value));
        if (value.Length <= LongestKept)
            last = text;
        return text;
    }
}
