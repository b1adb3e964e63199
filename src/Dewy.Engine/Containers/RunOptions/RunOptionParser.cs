namespace Dewy.Engine.Containers.RunOptions;

internal static class RunOptionParser
{
    public static ContainerRunOptions Parse(IReadOnlyList<string> arguments, bool allowUnsafe, RunOptionContext context) =>
        arguments.Count == 0 ? ContainerRunOptions.None : throw new DewyException(ErrorCode.InvalidOption, "later");
}
