using Dewy.Engine.Notifications;
using Dewy.Engine.Notifications.Http;

namespace Dewy.Engine.Checks;

/// <summary>Whether notifiers and the collector of telemetry can be reached. Nothing is sent.</summary>
internal static class NotifierChecks
{
    public static IEnumerable<Check> Of(CheckGround ground)
    {
        foreach (var address in ground.Options.Notifiers)
            yield return new Check("notifier", address.DisplayName, cancellationToken => ProbeAsync(ground, address, cancellationToken));
        if (ground.Options.Telemetry.OtlpEndpoint is { } endpoint)
            yield return new Check("otlp-endpoint", endpoint.Authority, cancellationToken => ConnectAsync(endpoint, cancellationToken));
    }

    private static async Task<CheckFinding> ProbeAsync(CheckGround ground, NotifierAddress address, CancellationToken cancellationToken)
    {
        await using var notifier = NotifierCatalog.BuiltIn.Create(address, ground.Services.NotifierServices(ground.Redactor));
        return Read(await notifier.ProbeAsync(cancellationToken), "A message would not be delivered");
    }

    private static async Task<CheckFinding> ConnectAsync(Uri endpoint, CancellationToken cancellationToken) =>
        Read(await WebProbe.ConnectAsync(endpoint, "nothing was pushed", cancellationToken), "Metrics and traces would be lost");

    private static CheckFinding Read(NotifierProbe probe, string consequence) => probe.Failure is { } failure
        ? CheckFinding.Failed(ErrorCode.NotifierUnreachable, $"{consequence}: {failure.Reason}.", failure.NextStep + ".")
        : CheckFinding.Passed(probe.Found);
}
