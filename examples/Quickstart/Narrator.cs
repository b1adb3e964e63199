namespace Dewy.Quickstart;

/// <summary>Writes what happens, with the time.</summary>
internal static class Narrator
{
    public static void Title(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
        Console.WriteLine(new string('-', text.Length));
    }

    public static void Say(string text) => Console.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff}  {text}");

    /// <summary>The end of a part: what the client saw. True where no request failed.</summary>
    public static bool Sum(Load load)
    {
        Console.WriteLine();
        Console.WriteLine($"versions seen:   {string.Join(", ", load.Versions.Select(seen => $"{seen.Key} ({seen.Value} answers)"))}");
        Console.WriteLine($"requests sent:   {load.Sent}");
        Console.WriteLine($"requests failed: {load.Failed}");
        foreach (var failure in load.Failures)
            Console.WriteLine($"  {failure}");
        return load.Failed == 0;
    }
}
