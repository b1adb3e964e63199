using Dewy.Engine.Proxy.Backends;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>Passes a request on to a backend and its answer back.</summary>
internal interface IForwarder
{
    /// <summary>Passes it on. What went wrong is the client's answer where that has not begun; else the client sees it broken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="backend">Where to; claimed by the caller.</param>
    /// <param name="port">Index of the proxy's port it came to.</param>
    /// <param name="onFresh">Whether to make a connection for it, where one that was kept has just proved dead.</param>
    ValueTask<ForwardingFailure> SendAsync(HttpContext context, Backend backend, int port, bool onFresh);
}
