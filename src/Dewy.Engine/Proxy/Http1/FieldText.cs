using System.Runtime.InteropServices;
using Dewy.Engine.Proxy.Forwarding;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>A field of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsForOneHop">Whether it is not passed on.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldText(string Name, string Value, bool IsForOneHop)
{
    public static FieldText Of(string name, string value) => new(name, value, HopByHop.Contains(name));
}
