namespace Dewy.ModulePackage;

/// <summary>The module cannot be packaged as it is.</summary>
internal sealed class PackagingException(string message) : Exception(message);
