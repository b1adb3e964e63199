using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Sends a message to notifiers.</summary>
[Cmdlet(VerbsCommunications.Send, "DewyNotification", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(NotificationReceipt))]
public sealed class SendDewyNotificationCommand : RootedCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Message { get; set; } = "";

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NotifierCompleter))]
    [DewyOption("notifier")]
    public string[]? Notifier { get; set; }

    [Parameter]
    public NotificationLevel Level { get; set; } = NotificationLevel.Information;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("name")]
    public string? Name { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override object? Subject => Message;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Options;
        if (!await ShouldProcessAsync(Message, "Send to the notifiers"))
            return;
        foreach (var receipt in await Engine.SendNotificationAsync(options, Message, Level, cancellationToken))
        {
            if (PassThru)
                Emit(receipt);
            if (receipt.Error is { } error)
                EmitError(ErrorRecords.From(error, Message));
        }
    }
}
