using Dewy.Cli;
using Dewy.Cli.Service.Windows;

if (OperatingSystem.IsWindows() && WindowsService.IsStartedByManager)
    return (int)WindowsService.Run(args, CommandHost.OfThisProcess() with { WorkingDirectory = AppContext.BaseDirectory });
return (int)await CommandLine.RunAsync(args, CommandHost.OfThisProcess());
