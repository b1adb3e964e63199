using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>Answers <c>GET /metrics</c>. A type of its own, so that its owner needs no web server to be made.</summary>
/// <param name="context">The request; host and origin have been checked.</param>
internal delegate Task MetricsAnswer(HttpContext context);
