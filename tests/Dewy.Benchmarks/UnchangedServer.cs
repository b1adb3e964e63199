using Dewy.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Dewy.Benchmarks;

/// <summary>Has one small file, and answers 304 to whoever has it.</summary>
internal sealed class UnchangedServer : LoopbackServer
{
    public const string EntityTag = "\"unchanged\"";

    protected override Task ServeAsync(HttpContext context)
    {
        context.Response.Headers.ETag = EntityTag;
        return context.Request.Headers.IfNoneMatch == EntityTag ? AnswerAsync(context, 304, "") : AnswerAsync(context, 200, "{}");
    }
}
