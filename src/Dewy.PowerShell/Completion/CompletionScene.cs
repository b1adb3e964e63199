using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Completion;

/// <summary>What a completion can know: the session, and what else stands in the command.</summary>
/// <param name="Session">The session it is asked in.</param>
/// <param name="Root">The root of the command, else the current location; empty where that is no directory.</param>
/// <param name="HasRoot">Whether the command names the root.</param>
/// <param name="Registry">Options that name the command's registry; empty where it has none.</param>
internal sealed record CompletionScene(ModuleSession Session, string Root, bool HasRoot, OptionSet Registry);
