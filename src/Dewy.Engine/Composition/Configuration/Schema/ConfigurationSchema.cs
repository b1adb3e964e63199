using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dewy.Engine.Composition.Configuration.Schema;

/// <summary>The JSON Schema (draft 2020-12) of configuration files, made from the option catalogue, for editors and other tools.</summary>
public static class ConfigurationSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text, with a line break at its end.</summary>
    public static string Text { get; } = Create().ToJsonString(Written) + "\n";

    private static IEnumerable<OptionDefinition> Options => OptionCatalog.All.Where(option => option.FromFile);

    private static JsonObject Create()
    {
        var definitions = new JsonObject { ["reference"] = ValueSchema.Reference(), ["environment"] = Variables() };
        foreach (var option in Options)
            definitions[option.Name] = ValueSchema.Of(option);
        definitions["modes"] = new JsonObject { ["allOf"] = new JsonArray([.. Enum.GetValues<DeploymentMode>().Select(Mode)]) };
        definitions["application"] = new JsonObject
        {
            ["description"] = "One of several applications: its options. Those beside \"applications\" are meant for all of them.",
            ["type"] = "object",
            ["properties"] = Properties(Options.Where(option => option.Name is not "name")),
            ["additionalProperties"] = false,
            ["allOf"] = new JsonArray(Refer("modes")),
        };

        var properties = Properties(Options);
        properties["$schema"] = new JsonObject { ["description"] = "The address of this schema, for editors.", ["type"] = "string" };
        properties["applications"] = new JsonObject
        {
            ["description"] = "Several applications for one agent process, by name.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["propertyNames"] = new JsonObject { ["pattern"] = ApplicationName.Pattern },
            ["additionalProperties"] = Refer("application"),
        };
        return new JsonObject
        {
            ["$schema"] = Dialect,
            ["title"] = "Dewy's configuration file",
            ["description"] = "Keys are the flags of dewy without their dashes. ${env:NAME} and ${file:/path} in a string stand for a variable of the agent's environment and a file's content; $${ stands for ${ itself.",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
            ["if"] = new JsonObject { ["required"] = new JsonArray("applications") },
            ["then"] = new JsonObject { ["properties"] = new JsonObject { ["name"] = false } },
            ["else"] = Refer("modes"),
            ["$defs"] = definitions,
        };
    }

    private static JsonObject Properties(IEnumerable<OptionDefinition> options)
    {
        var properties = new JsonObject();
        foreach (var option in options)
            properties[option.Name] = Refer(option.Name);
        properties["environment"] = Refer("environment");
        return properties;
    }

    /// <summary>What means nothing in a mode that is named is refused there.</summary>
    private static JsonNode Mode(DeploymentMode mode)
    {
        var strangers = new JsonObject();
        foreach (var option in Options.Where(option => !option.Modes.Contains(mode)))
            strangers[option.Name] = false;
        return new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["mode"] = new JsonObject { ["const"] = ModeInference.NameOf(mode) } },
                ["required"] = new JsonArray("mode"),
            },
            ["then"] = new JsonObject { ["properties"] = strangers },
        };
    }

    private static JsonObject Variables() => new()
    {
        ["description"] = "Variables added to the agent's environment, such as credentials. Hooks and the application see them as they see the agent's own: not the secret ones, unless pass-env names them.",
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = "^[^=]+$", ["not"] = new JsonObject { ["pattern"] = "^[Dd][Ee][Ww][Yy]_" } },
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Refer(string name) => new() { ["$ref"] = $"#/$defs/{name}" };
}
