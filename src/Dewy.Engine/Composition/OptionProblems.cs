namespace Dewy.Engine.Composition;

/// <summary>What is wrong with a set of options, collected so that a person corrects it in one go.</summary>
internal sealed class OptionProblems
{
    private readonly List<(string Origin, string Sentence, string? NextStep)> _found = [];

    /// <param name="origin">The option as the person spelled it.</param>
    /// <param name="problem">What is wrong with it, without the option's name.</param>
    public void Add(string origin, string problem) => _found.Add((origin, $"{origin}: {Ended(problem)}", null));

    /// <summary>Takes over a failure that another part found while reading the value.</summary>
    public void Add(string origin, DewyException failure) => _found.Add((origin, $"{origin}: {Ended(failure.Message)}", failure.NextStep));

    /// <exception cref="DewyException">Anything was added.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 0)
            return;

        throw new DewyException(ErrorCode.InvalidOption, string.Join(' ', _found.Select(problem => problem.Sentence).Distinct(StringComparer.Ordinal)))
        {
            Target = _found[0].Origin,
            NextStep = _found.Select(problem => problem.NextStep).FirstOrDefault(next => next is not null),
        };
    }

    private static string Ended(string sentence) => sentence.EndsWith('.') || sentence.EndsWith('?') ? sentence : sentence + ".";
}
