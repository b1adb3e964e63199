using Dewy.Engine.Processes;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Connections;

namespace Dewy.Engine.Proxy;

/// <summary>What a port works with.</summary>
/// <param name="Index">Its place in <see cref="ProxyOptions.Ports"/>, and of its address in each backend.</param>
/// <param name="Mapping">The port.</param>
/// <param name="Listening">The socket to accept from; the proxy closes it in the end.</param>
/// <param name="Backends">Where connections go.</param>
/// <param name="Options">The proxy's options.</param>
/// <param name="Slots">How many connections of all ports may be open.</param>
/// <param name="Totals">To be told of connections and exchanges.</param>
/// <param name="Observer">To be told of exchanges; may be null.</param>
/// <param name="Time">The clock.</param>
internal sealed record PortContext(
    int Index,
    PortMapping Mapping,
    ListeningSocket Listening,
    BackendSet Backends,
    ProxyOptions Options,
    ConnectionSlots Slots,
    ProxyTotals Totals,
    IProxyObserver? Observer,
    TimeProvider Time);
