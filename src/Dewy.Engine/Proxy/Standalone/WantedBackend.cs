using System.Net;

namespace Dewy.Engine.Proxy.Standalone;

/// <summary>A backend that shall serve once it is healthy.</summary>
/// <param name="Name">Its name, and its id.</param>
/// <param name="EndPoints">One address for each port of the proxy.</param>
internal sealed record WantedBackend(string Name, IReadOnlyList<IPEndPoint> EndPoints);
