namespace Dewy.Engine.Registries.Folder;

/// <summary>Where a <c>file://</c> URL points.</summary>
internal static class FolderAddress
{
    public const string Form = "file:///absolute/path, file://./relative/path";

    /// <summary>
    /// The address with an absolute path: <c>file:///abs</c>, <c>file://./relative</c> and <c>file://../relative</c> from the
    /// base directory, <c>file:///C:/dir</c> and shares (<c>file://server/share/dir</c>) on Windows.
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the URL names no folder of this system.</exception>
    public static RegistryAddress Complete(RegistryAddress address, string baseDirectory)
    {
        var path = address.Authority switch
        {
            "." or ".." => Path.GetFullPath(Path.Join(address.Authority, address.Path), Path.GetFullPath(baseDirectory)),
            "" or "localhost" => Absolute(address),
            _ when OperatingSystem.IsWindows() => Path.GetFullPath($@"\\{address.Authority}\{address.Path}"),
            _ => throw RegistryAddressReader.Invalid(
                address.DisplayName,
                $"'{address.Authority}' would be another computer, and shares are not opened by name on this system",
                $"Mount the share and write file:///its/path, or file://./{address.Authority}/{address.Path} for a relative path."),
        };
        return address with { Path = Path.TrimEndingDirectorySeparator(path) };
    }

    private static string Absolute(RegistryAddress address)
    {
        if (address.Path.Length == 0)
            throw RegistryAddressReader.Invalid(address.DisplayName, "it names no folder", $"Write {Form}.");
        if (!OperatingSystem.IsWindows())
            return Path.GetFullPath("/" + address.Path);
        return Path.IsPathFullyQualified(address.Path)
            ? Path.GetFullPath(address.Path)
            : throw RegistryAddressReader.Invalid(address.DisplayName, "it has no drive", "Write file:///C:/directory or file://server/share/directory.");
    }
}
