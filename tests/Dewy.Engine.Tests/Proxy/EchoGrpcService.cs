using Grpc.Core;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>Answers what it is asked.</summary>
internal sealed class EchoGrpcService : EchoGrpc
{
    public override Task<string> UnaryAsync(string request, ServerCallContext context)
    {
        context.ResponseTrailers.Add("x-trailer", "after");
        return request == "fail"
            ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "as asked"), [new Metadata.Entry("x-why", "because")])
            : Task.FromResult($"{context.GetHttpContext().Request.Protocol} {request}");
    }

    public override async Task ManyAsync(string request, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        for (var number = 0; number < 3; number++)
            await answers.WriteAsync($"{request}{number}", context.CancellationToken);
    }

    public override async Task BothAsync(IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
            await answers.WriteAsync(requests.Current, context.CancellationToken);
    }
}
