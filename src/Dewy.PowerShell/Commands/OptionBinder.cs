using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Dewy.PowerShell.Commands;

/// <summary>Makes the engine's options of a cmdlet's bound parameters.</summary>
internal sealed class OptionBinder
{
    private const string FileScheme = "file://";
    private readonly Func<string, string> _resolvePath;

    /// <param name="resolvePath">Makes a PowerShell path an absolute one of the file system.</param>
    public OptionBinder(Func<string, string> resolvePath) => _resolvePath = resolvePath;

    /// <summary>The options of the parameters that were bound; the others keep the engine's defaults.</summary>
    public OptionSet Bind(object cmdlet, IReadOnlyDictionary<string, object> boundParameters)
    {
        var options = new OptionSet();
        foreach (var property in cmdlet.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<DewyOptionAttribute>() is not { } option || !boundParameters.ContainsKey(property.Name))
                continue;
            foreach (var value in ValuesOf(property.GetValue(cmdlet)))
                options.Add(option.Name, TextOf(value, option.Form), $"-{property.Name}");
        }

        return options;
    }

    /// <summary>A registry's URL, absolute where it was meant from the current location.</summary>
    public string UrlOf(string url)
    {
        if (!url.StartsWith(FileScheme + ".", StringComparison.OrdinalIgnoreCase))
            return url;
        var location = _resolvePath(".").Replace('\\', '/').TrimEnd('/');
        var escaped = string.Join('/', location.Split('/').Select(segment => segment is [_, ':'] ? segment : Uri.EscapeDataString(segment)));
        return $"{FileScheme}{(escaped.StartsWith('/') ? "" : "/")}{escaped}/{url[FileScheme.Length..]}";
    }

    private static IEnumerable<object> ValuesOf(object? value) => value switch
    {
        null => [],
        SwitchParameter { IsPresent: false } => [],
        SwitchParameter => ["true"],
        string text => [text],
        IEnumerable values => values.Cast<object>(),
        _ => [value],
    };

    private string TextOf(object value, OptionForm form)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return form switch
        {
            OptionForm.Word => text.ToLowerInvariant(),
            OptionForm.Seconds => text + "s",
            OptionForm.Path => _resolvePath(text),
            OptionForm.Url => UrlOf(text),
            OptionForm.UrlOrPath => text.Length == 0 || text.Contains("://", StringComparison.Ordinal) ? UrlOf(text) : _resolvePath(text),
            _ => text,
        };
    }
}
