using Dewy.Engine.Artifacts.Verification.Signatures;
using Dewy.Engine.Deployment.Hooks;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Checks;

/// <summary>Whether the program, the shell of the hooks and the key of the signatures are there.</summary>
internal static class ProgramChecks
{
    public static IEnumerable<Check> Of(CheckGround ground)
    {
        var options = ground.Options;
        if (options.Artifacts.VerifyKey is { } key)
            yield return new Check("verify-key", key, () => LookAtKey(key));
        if (options.Server is { } server)
            yield return new Check("program", server.Command[0], () => LookForProgram(ground, server));
        foreach (var (name, hook) in new[] { ("before-deploy-hook", options.Hooks.BeforeDeploy), ("after-deploy-hook", options.Hooks.AfterDeploy) })
        {
            if (!string.IsNullOrWhiteSpace(hook))
                yield return new Check(name, hook, () => LookForShell(ground, hook));
        }
    }

    private static CheckFinding LookAtKey(string file)
    {
        var key = SignatureKey.Load(file);
        return CheckFinding.Passed($"A public key of {key.Id.Split(':')[0]}; artifacts need {key.FileSuffix} files beside them.");
    }

    private static CheckFinding LookForProgram(CheckGround ground, ServerOptions server)
    {
        var (root, program) = (ground.Root.Layout.Root, server.Command[0]);
        if (OperatingSystem.IsWindows())
            return CheckFinding.Skipped("Programs are not looked for on Windows.");
        var isOfTheRelease = program.Split('/').Contains("current");
        if (isOfTheRelease && !Path.Exists(ground.Root.Layout.Current))
            return CheckFinding.Warning("There is no live release yet that could have it.", "Check again once the first release is deployed.");
        var found = ProgramLookup.Find(new ProcessStart { Program = program, Arguments = [.. server.Command.Skip(1)], WorkingDirectory = root, Environment = ground.Services.Environment });
        return CheckFinding.Passed($"{found} is there and executable.");
    }

    /// <summary>What a command line does only its shell knows.</summary>
    private static CheckFinding LookForShell(CheckGround ground, string hook)
    {
        var (program, arguments) = HookCommand.For(hook, ground.Services.Environment);
        if (OperatingSystem.IsWindows())
            return CheckFinding.Passed($"It would be run by {program}; it is not run now.");
        _ = ProgramLookup.Find(new ProcessStart { Program = program, Arguments = arguments, WorkingDirectory = "/", Environment = ground.Services.Environment });
        return CheckFinding.Passed($"{program} is there to run it; it is not run now.");
    }
}
