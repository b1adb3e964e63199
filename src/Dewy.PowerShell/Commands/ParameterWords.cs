using System.Collections.Frozen;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Dewy.PowerShell.Commands;

/// <summary>
/// What to do next, in the words of a prompt: the engine speaks of options by the flags of the command line, which are
/// parameters here. Only its own advice is reworded; messages may quote what a program wrote.
/// </summary>
internal static partial class ParameterWords
{
    private static readonly FrozenDictionary<string, string> Parameters = typeof(ParameterWords).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
        .SelectMany(type => type.GetProperties())
        .Select(property => KeyValuePair.Create(property.GetCustomAttribute<DewyOptionAttribute>()?.Name ?? property.Name.ToLowerInvariant(), property.Name))
        .DistinctBy(pair => pair.Key, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => $"--{pair.Key}", pair => $"-{pair.Value}", StringComparer.Ordinal);

    /// <summary>Advice, its flags as parameters.</summary>
    public static string? Of(string? nextStep) => nextStep is null ? null : Flag().Replace(nextStep, match => Parameters.GetValueOrDefault(match.Value, match.Value));

    /// <summary>Why a deployment failed, with such advice.</summary>
    public static DeploymentError Of(DeploymentError error) => error with { NextStep = Of(error.NextStep) };

    /// <summary>An object for the pipeline, with such advice where it has any.</summary>
    public static object Of(object output) => output switch
    {
        Deployment { Error: { } error } failed => failed with { Error = Of(error) },
        AgentStatus { LastDeployment: { Error: { } error } failed } status => status with { LastDeployment = failed with { Error = Of(error) } },
        ConfigurationCheck { NextStep: not null } check => check with { NextStep = Of(check.NextStep) },
        _ => output,
    };

    [GeneratedRegex("--[a-z]+(-[a-z]+)*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Flag();
}
