using System.IO.Pipelines;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>A client's connection whose bytes are counted. Only where somebody measures: the others have their pipes bare.</summary>
internal sealed class CountedTransport : IDuplexPipe
{
    private readonly CountedReader _input;
    private readonly CountedWriter _output;

    public CountedTransport(IDuplexPipe inner)
    {
        _input = new CountedReader(inner.Input);
        _output = new CountedWriter(inner.Output);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Bytes in both directions so far.</summary>
    public long Bytes => _input.Bytes + _output.Bytes;
}
