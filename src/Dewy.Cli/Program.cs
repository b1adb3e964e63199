using Dewy.Cli;

return (int)await CommandLine.RunAsync(args, CommandHost.OfThisProcess());
