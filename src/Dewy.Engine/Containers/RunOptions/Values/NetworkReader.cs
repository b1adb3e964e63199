namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads a network's name, or <c>name=network,alias=name</c>.</summary>
internal static class NetworkReader
{
    public static NetworkEntry Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim().Length == 0)
            throw new FormatException("it needs the name of a network");
        if (!text.Contains('=', StringComparison.Ordinal))
            return Check(new NetworkEntry(text.Trim(), []));
        string? name = null;
        var aliases = new List<string>();
        foreach (var (key, value) in KeyValueText.Split(text))
        {
            switch (key)
            {
                case "name" when value is { Length: > 0 }: name = value; break;
                case "alias" when value is { Length: > 0 }: aliases.Add(value); break;
                case "ip" or "ip6" or "mac-address" or "link-local-ip": throw new FormatException($"{key} would give every replica the same address");
                default: throw new FormatException($"'{key}' is none of its keys: name, alias");
            }
        }

        return Check(new NetworkEntry(name ?? throw new FormatException("it needs the name of a network: name=<network>"), aliases));
    }

    private static NetworkEntry Check(NetworkEntry network)
    {
        if (network.Name is "none")
            throw new FormatException("without a network the proxy cannot reach the container");
        if (network.Name.StartsWith("container:", StringComparison.Ordinal))
            throw new FormatException("in another container's network no port can be published, and the proxy cannot reach the container");
        if (network.Aliases.Count > 0 && network.Name is "bridge" or "default" or "host")
            throw new FormatException($"the network {network.Name} has no aliases; create one of your own");
        return network;
    }
}
