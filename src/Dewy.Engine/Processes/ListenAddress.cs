namespace Dewy.Engine.Processes;

/// <summary>
/// A place to listen: <c>8000</c> (all IPv4 addresses), <c>127.0.0.1:8000</c>, <c>[::1]:8000</c> or an absolute path of a
/// Unix-domain socket.
/// </summary>
/// <param name="Spec">The text as Server::Starter hands it to the program.</param>
/// <param name="Host">Address to bind without brackets; null for all IPv4 addresses and for a path.</param>
/// <param name="Port">TCP port, 0 for any free one; null for a path.</param>
/// <param name="Path">Absolute path of a Unix-domain socket; null for TCP.</param>
public sealed record ListenAddress(string Spec, string? Host, int? Port, string? Path)
{
    /// <summary>
    /// Reads addresses, each of which may be a list with ranges (<c>8000,8100-8103</c>, <c>127.0.0.1:9000-9001</c>). The
    /// result has the order in which Server::Starter hands sockets over: ports as given, then paths.
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> with the text that is wrong, or given twice.</exception>
    public static IReadOnlyList<ListenAddress> ParseAll(IEnumerable<string> specs) => ListenAddressParser.ParseAll(specs);

    /// <inheritdoc/>
    public override string ToString() => Spec;
}
