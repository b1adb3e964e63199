using System.Globalization;

namespace Dewy.Engine.Processes;

/// <summary>What makes a process one of several replicas behind the proxy. Written down for the next agent.</summary>
/// <param name="Name"><c>&lt;application&gt;-&lt;unix seconds&gt;-&lt;number&gt;</c>.</param>
/// <param name="Number">Its place among the replicas of its release, from 0.</param>
/// <param name="Ports">Loopback ports it is to listen on, one for each port of the proxy.</param>
/// <param name="Template">Program and arguments as the options have them, before ports and directories were filled in.</param>
internal sealed record ReplicaPlace(string Name, int Number, IReadOnlyList<int> Ports, IReadOnlyList<string> Template)
{
    /// <summary>
    /// Tells a program its ports: <c>PORT</c>, and <c>PORT_2</c>, <c>PORT_3</c> … where the proxy has several. <c>PORT</c> is
    /// what platforms that start programs by themselves have agreed on (The Twelve-Factor App, "Port binding").
    /// </summary>
    public void Describe(IDictionary<string, string> environment)
    {
        for (var index = 0; index < Ports.Count; index++)
            environment[index == 0 ? "PORT" : $"PORT_{index + 1}"] = Ports[index].ToString(CultureInfo.InvariantCulture);
        environment["DEWY_REPLICA"] = Number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Fills <c>{port}</c>, <c>{port2}</c> … into the arguments.</summary>
    public IReadOnlyList<string> Fill(IReadOnlyList<string> command) => [.. command.Select(Filled)];

    private string Filled(string argument)
    {
        for (var index = 0; index < Ports.Count; index++)
            argument = argument.Replace(index == 0 ? "{port}" : $"{{port{index + 1}}}", Ports[index].ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return argument;
    }
}
