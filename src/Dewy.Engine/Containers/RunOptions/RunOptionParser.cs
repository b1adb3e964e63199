using Dewy.Engine.Composition;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>Turns the words of a <c>docker run</c> into options, and collects everything that is wrong with them.</summary>
internal static class RunOptionParser
{
    /// <inheritdoc cref="ContainerRunOptions.Parse"/>
    public static ContainerRunOptions Parse(IReadOnlyList<string> arguments, bool allowUnsafe, RunOptionContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var problems = new OptionProblems();
        var builder = new RunOptionBuilder(allowUnsafe, context);
        foreach (var word in new RunOptionReader(arguments, problems).Read())
        {
            if (word.Definition is { Refusal: { } why } refused && !(refused.IsUnsafe && allowUnsafe))
            {
                if (word.Value is not "false")
                    problems.Add(word.Origin, refused.IsUnsafe ? $"{why}; it is refused unless --allow-unsafe is given" : why);
                continue;
            }

            try
            {
                builder.Add(word);
            }
            catch (FormatException exception)
            {
                problems.Add(word.Origin, exception.Message);
            }
        }

        foreach (var (origin, problem) in builder.Conflicts())
            problems.Add(origin, problem);
        problems.ThrowIfAny();
        return builder.Build();
    }
}
