namespace Dewy.PowerShell.Commands;

/// <summary>How a parameter's value becomes the text of an option.</summary>
internal enum OptionForm
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>In lower case: the words of the engine are.</summary>
    Word,

    /// <summary>Whole seconds.</summary>
    Seconds,

    /// <summary>A PowerShell path, made absolute from the current location.</summary>
    Path,

    /// <summary>A URL; <c>file://./relative</c> is meant from the current location, which is not the process's.</summary>
    Url,

    /// <summary>A URL, or a PowerShell path of a directory.</summary>
    UrlOrPath,
}
