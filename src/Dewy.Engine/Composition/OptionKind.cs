namespace Dewy.Engine.Composition;

/// <summary>How the text of an option is read.</summary>
public enum OptionKind
{
    /// <summary>Any text but the empty one.</summary>
    Text,

    /// <summary>A time span: see <see cref="DurationText"/>.</summary>
    Duration,

    /// <summary>A number of bytes: see <see cref="SizeText"/>.</summary>
    Size,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>On where it is given; <c>true</c> or <c>false</c> in the environment and in a file.</summary>
    Switch,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A file or directory; a relative one is meant from the working directory.</summary>
    Path,

    /// <summary>A place to listen, or several.</summary>
    Address,
}
