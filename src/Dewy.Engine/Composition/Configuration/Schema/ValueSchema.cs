using System.Text.Json.Nodes;

namespace Dewy.Engine.Composition.Configuration.Schema;

/// <summary>The schema of one option's values.</summary>
internal static class ValueSchema
{
    private const string Number = @"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)";
    private const string DurationPattern = $@"^\s*(?:{Number}|(?=[0-9.])(?:{Number}d)?(?:{Number}h)?(?:{Number}m)?(?:{Number}s)?(?:{Number}ms)?)\s*$";
    private const string SizePattern = $@"^\s*{Number}\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?\s*$";
    private const string WholePattern = @"^\s*[0-9]+\s*$";
    private const string NotBlankPattern = @"\S";

    /// <summary>A string with a reference in it: what it comes to nobody knows here.</summary>
    public static JsonObject Reference() => new()
    {
        ["description"] = "A reference to a variable of the agent's environment or to a file.",
        ["type"] = "string",
        ["pattern"] = @"(?:^|[^$])\$\{(?:env|file):[^{}]+\}",
    };

    /// <summary>The schema of an option, its help as description.</summary>
    public static JsonObject Of(OptionDefinition option)
    {
        JsonNode[] values = [.. ValuesOf(option), new JsonObject { ["$ref"] = "#/$defs/reference" }];
        var schema = new JsonObject { ["description"] = Describe(option) };
        if (DefaultOf(option) is { } value)
            schema["default"] = value;
        if (option.Repeatable)
            schema["anyOf"] = new JsonArray([.. values, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. values.Select(item => item.DeepClone())]) } }]);
        else
            schema["anyOf"] = new JsonArray(values);
        return schema;
    }

    private static IEnumerable<JsonNode> ValuesOf(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Choice => [new JsonObject { ["enum"] = new JsonArray([.. option.Choices.Select(choice => (JsonNode)choice)]) }],
        OptionKind.Switch => [new JsonObject { ["type"] = "boolean" }, new JsonObject { ["enum"] = new JsonArray("true", "false", "yes", "no", "on", "off", "1", "0", 1, 0) }],
        OptionKind.Number => [Limited("integer", option), Pattern(WholePattern)],
        OptionKind.Duration => [Limited("number", option), Pattern(DurationPattern)],
        OptionKind.Size => [Limited("number", option), Pattern(SizePattern)],
        OptionKind.Address => [new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 65535 }, Pattern(NotBlankPattern)],
        _ when option.MayBeBlank => [new JsonObject { ["type"] = "string" }],
        _ => [Pattern(NotBlankPattern)],
    };

    private static JsonObject Limited(string type, OptionDefinition option)
    {
        var schema = new JsonObject { ["type"] = type };
        if (option.Minimum is { } minimum)
            schema["minimum"] = minimum;
        if (option.Maximum is { } maximum)
            schema["maximum"] = maximum;
        return schema;
    }

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static string Describe(OptionDefinition option)
    {
        var modes = option.Modes.Count == Enum.GetValues<DeploymentMode>().Length ? "" : $" Only in {string.Join(" and ", option.Modes.Select(ModeInference.NameOf))} mode.";
        var otherwise = option.Default is { } value && DefaultOf(option) is null ? $" Default: {value}." : "";
        return option.Help + modes + otherwise;
    }

    /// <summary>The default as JSON; null where it is no value but a description of one.</summary>
    private static JsonNode? DefaultOf(OptionDefinition option) => (option.Kind, option.Default) switch
    {
        (_, null) => null,
        (OptionKind.Switch, _) => false,
        (OptionKind.Number or OptionKind.Address, var text) => int.TryParse(text, out var number) ? number : null,
        (OptionKind.Text or OptionKind.Path, _) => null,
        (_, var text) => text,
    };
}
