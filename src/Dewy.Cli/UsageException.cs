namespace Dewy.Cli;

/// <summary>The command line itself is wrong: exit code 2, and a pointer to the help of the command.</summary>
internal sealed class UsageException(string message) : Exception(message);
