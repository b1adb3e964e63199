using Dewy.Engine.Composition.Configuration;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Composition;

/// <summary>What is wrong with a set of options, collected so that a person corrects it in one go.</summary>
internal sealed class OptionProblems
{
    private readonly List<Problem> _found;
    private readonly SecretRedactor _redactor;
    private readonly string? _application;
    private readonly string? _file;

    public OptionProblems()
        : this([], new SecretRedactor(), application: null, file: null)
    {
    }

    private OptionProblems(List<Problem> found, SecretRedactor redactor, string? application, string? file)
    {
        _found = found;
        _redactor = redactor;
        _application = application;
        _file = file;
    }

    /// <summary>Whether a configuration file itself is wrong: what is missing may then be what it meant to say.</summary>
    public bool HasFile => _found.Exists(problem => problem.IsFiles);

    /// <summary>The same, for what is found of one of several applications: it is named where the origin does not tell.</summary>
    /// <param name="application">Its name.</param>
    /// <param name="file">The file that names it.</param>
    public OptionProblems Of(string application, string file) => new(_found, _redactor, application, file);

    /// <summary>Keeps what nobody may see out of the messages.</summary>
    public void Hide(IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
            _redactor.Add(secret);
    }

    /// <param name="origin">The option as the person spelled it.</param>
    /// <param name="problem">What is wrong with it, without the option's name.</param>
    public void Add(string origin, string problem) => _found.Add(new Problem(origin, $"{Subject(origin)}{origin}: {Ended(problem)}", NextStep: null));

    /// <summary>Takes over a failure that another part found while reading the value.</summary>
    public void Add(string origin, DewyException failure) => _found.Add(new Problem(origin, $"{Subject(origin)}{origin}: {Ended(failure.Message)}", failure.NextStep));

    /// <summary>Something in a configuration file that is not even an option.</summary>
    public void AddInFile(string path, TextPosition position, string problem, string nextStep = "Correct the configuration file; its keys are the flags without dashes.") =>
        _found.Add(new Problem(path, $"{position.In(path)}: {Ended(problem)}", nextStep) { IsFiles = true });

    /// <exception cref="DewyException">Anything was added; the message has one line for each.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 0)
            return;

        var message = string.Join('\n', _found.Select(problem => problem.Sentence).Distinct(StringComparer.Ordinal));
        throw new DewyException(HasFile ? ErrorCode.InvalidConfiguration : ErrorCode.InvalidOption, _redactor.Redact(message))
        {
            Target = _found[0].Origin,
            NextStep = _found.Select(problem => problem.NextStep).FirstOrDefault(next => next is not null),
        };
    }

    private string Subject(string origin) =>
        _application is null || (_file is not null && origin.StartsWith($"{_file}(", StringComparison.Ordinal)) ? "" : $"{_application}: ";

    private static string Ended(string sentence) => sentence.EndsWith('.') || sentence.EndsWith('?') ? sentence : sentence + ".";

    private sealed record Problem(string Origin, string Sentence, string? NextStep)
    {
        /// <summary>Whether it is the configuration file's and no option's.</summary>
        public bool IsFiles { get; init; }
    }
}
