using Dewy.Engine.Admin;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>How the agent is watched and told what to do.</summary>
internal static class AdminDefinitions
{
    private const int HighestPort = 65535;

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        new()
        {
            Name = "admin-port",
            Kind = OptionKind.Address,
            Group = OptionGroup.Admin,
            Modes = [DeploymentMode.Server, DeploymentMode.Assets, DeploymentMode.Container],
            Default = "17539",
            ValueName = "port",
            Help = "Loopback port of the admin API and dashboard, or the path of a Unix socket; a port that is taken makes way for the next free one of the nine after it. 0: off.",
            Apply = (options, input) => options with { Admin = Read(OptionInput.NotEmpty(input.Text).Trim(), input) },
        },
    ];

    private static AdminOptions Read(string text, OptionInput input)
    {
        if (int.TryParse(text, out var port))
        {
            return port is >= 0 and <= HighestPort
                ? new AdminOptions { Port = port }
                : throw new FormatException($"{port} is outside 0 to {HighestPort}");
        }

        return text.Contains('/', StringComparison.Ordinal) || text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? new AdminOptions { Port = 0, SocketPath = input.Path }
            : throw new FormatException($"'{text}' is neither a port such as {AdminOptions.DefaultPort} nor the path of a socket such as /run/dewy.sock");
    }
}
