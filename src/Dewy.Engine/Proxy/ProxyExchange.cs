namespace Dewy.Engine.Proxy;

/// <summary>One request that was answered, or one TCP connection that has ended.</summary>
/// <param name="Port">Index of the proxy's port.</param>
/// <param name="Method">HTTP method; <c>TCP</c> for a connection of a TCP port.</param>
/// <param name="Protocol">Such as <c>HTTP/1.1</c>, or <c>TCP</c>.</param>
/// <param name="Status">What the client got; 499 where it went away before an answer; 0 for TCP.</param>
/// <param name="Failed">Whether the answer was 500 or above, or the exchange broke.</param>
/// <param name="Backend">Name of the backend; null where there was none.</param>
/// <param name="Duration">From the last byte of its headers to the last of the answer.</param>
internal readonly record struct ProxyExchange(int Port, string Method, string Protocol, int Status, bool Failed, string? Backend, TimeSpan Duration);
