namespace Dewy.Cli;

/// <summary>The engine this program is made for.</summary>
internal static class EngineFactory
{
    public static IDewyEngine Create() => throw new NotSupportedException();
}
