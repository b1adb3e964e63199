using Grpc.Core;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>A gRPC service of strings, its contract written by hand: one answer, many, and both ways at once.</summary>
[BindServiceMethod(typeof(EchoGrpc), nameof(Bind))]
internal abstract class EchoGrpc
{
    public static readonly Method<string, string> Unary = Define(MethodType.Unary, nameof(UnaryAsync));
    public static readonly Method<string, string> Many = Define(MethodType.ServerStreaming, nameof(ManyAsync));
    public static readonly Method<string, string> Both = Define(MethodType.DuplexStreaming, nameof(BothAsync));

    public static void Bind(ServiceBinderBase binder, EchoGrpc? service)
    {
        binder.AddMethod(Unary, service is null ? null : new UnaryServerMethod<string, string>(service.UnaryAsync));
        binder.AddMethod(Many, service is null ? null : new ServerStreamingServerMethod<string, string>(service.ManyAsync));
        binder.AddMethod(Both, service is null ? null : new DuplexStreamingServerMethod<string, string>(service.BothAsync));
    }

    private static Method<string, string> Define(MethodType type, string name) => new(type, "test.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    public abstract Task<string> UnaryAsync(string request, ServerCallContext context);

    public abstract Task ManyAsync(string request, IServerStreamWriter<string> answers, ServerCallContext context);

    public abstract Task BothAsync(IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context);
}
