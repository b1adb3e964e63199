using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Admin;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy.Connections;

namespace Dewy.Engine.Checks;

/// <summary>Whether the ports are free, or held by this very application, and whether the certificate is good.</summary>
internal static class ListeningChecks
{
    /// <summary>A certificate that ends sooner than this should have been renewed.</summary>
    public static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(21);

    public static IEnumerable<Check> Of(CheckGround ground)
    {
        var options = ground.Options;
        var addresses = options.Proxy is { } proxy ? proxy.Ports.Select(port => port.Listen) : options.Server?.Listen ?? [];
        foreach (var address in addresses)
            yield return new Check("port", address.Spec, () => LookAtPort(ground, address));
        if (!options.Admin.IsOff)
            yield return new Check("admin-port", options.Admin.SocketPath ?? $"{options.Admin.Port}", () => LookAtAdmin(ground));
        if (options.Proxy?.CertificateFile is { } certificate)
            yield return new Check("certificate", certificate, () => LookAtCertificate(ground, certificate, options.Proxy.KeyFile));
    }

    private static CheckFinding LookAtPort(CheckGround ground, ListenAddress address)
    {
        if (address.Path is { } path)
            return LookAtPath(ground, address, path, "choose another --port");
        if (address.Port == 0)
            return CheckFinding.Passed("Any free port will do.");
        try
        {
            ListeningSocket.TryBind(address);
            return CheckFinding.Passed("It is free.");
        }
        catch (DewyException exception) when (exception.Code == ErrorCode.PortInUse)
        {
            return Held(ground, address) ?? CheckFinding.Failed(exception);
        }
    }

    private static CheckFinding LookAtPath(CheckGround ground, ListenAddress address, string path, string otherwise)
    {
        var directory = Path.GetDirectoryName(path) ?? "/";
        if (!Directory.Exists(directory))
            return CheckFinding.Failed(ErrorCode.StartFailed, $"The directory {directory} of the socket is not there.", $"Create it, or {otherwise}.");
        if (OperatingSystem.IsLinux() && ListeningTable.Find("self", address).Count > 0)
            return Held(ground, address) ?? CheckFinding.Failed(ErrorCode.PortInUse, $"A program listens on {path} already{PortOwner.Describe(path)}.", $"Stop it, or {otherwise}.");
        var place = Writability.Of(directory, $"Give the agent's user write access to {directory}, or {otherwise}.");
        return place.Result == CheckResult.Passed ? CheckFinding.Passed(Path.Exists(path) ? "Nobody listens on it; what an earlier program left there is replaced." : "It is free.") : place;
    }

    /// <summary>Fine where it is this application that listens; null where it is somebody else.</summary>
    private static CheckFinding? Held(CheckGround ground, ListenAddress address)
    {
        var holders = PortOwner.Find(address);
        var programs = RunRecord.Peek(ground.Root.Layout.ProcessesFile).Where(program => ProcessIdentity.IsAlive(program.ProcessId, program.Identity));
        var own = programs.SelectMany(program => ProcessTable.MembersOf(program.ProcessId)).Append(ground.Agent?.ProcessId ?? 0).ToHashSet();
        if (holders.FirstOrDefault(own.Contains) is > 0 and var mine)
            return CheckFinding.Passed($"It is held by this application ({PortOwner.NameOf(mine)}, process {mine}).");
        if (holders is [1, ..])
            return CheckFinding.Warning("systemd listens there (process 1).", "Let its socket unit belong to the service of this agent, which then takes the socket over.");
        return holders.Count == 0 && ground.Agent is { } hidden
            ? CheckFinding.Warning($"It is taken, presumably by this root's agent (process {hidden.ProcessId}), whose sockets this user may not see.", "Run the check as the agent's user to be sure.")
            : null;
    }

    private static CheckFinding LookAtAdmin(CheckGround ground)
    {
        var options = ground.Options.Admin;
        if (ground.Agent is { } agent && AdminRecord.Read(ground.Root.Layout) is { } record && record.ProcessId == agent.ProcessId)
            return CheckFinding.Passed($"The agent's admin API is at {record.Address}.");
        if (options.SocketPath is { } path)
            return LookAtPath(ground, new ListenAddress(path, Host: null, Port: null, path), path, "choose another --admin-port");
        for (var port = options.Port; port < options.Port + AdminSockets.Attempts && port <= IPEndPoint.MaxPort; port++)
        {
            if (IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port)))
                return CheckFinding.Passed(port == options.Port ? "It is free." : $"It is taken{PortOwner.Describe(Loopback(options.Port))}; the admin API would be at {port}.");
        }

        return CheckFinding.Warning($"None of the ports {options.Port} to {options.Port + AdminSockets.Attempts - 1} is free on the loopback addresses; the agent would work without an admin API.", "Give another --admin-port, or 0 for none.");
    }

    private static ListenAddress Loopback(int port) => new($"127.0.0.1:{port}", "127.0.0.1", port, Path: null);

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported; // a kernel with IPv6 and no ::1
        }
    }

    private static CheckFinding LookAtCertificate(CheckGround ground, string certificateFile, string? keyFile)
    {
        var certificate = ServerCertificate.Load(ServerCertificate.Read(certificateFile, keyFile), certificateFile).TargetCertificate;
        var now = ground.Services.Time.GetUtcNow().UtcDateTime;
        DateTime from = certificate.NotBefore.ToUniversalTime(), until = certificate.NotAfter.ToUniversalTime();
        var what = $"The certificate of {certificate.Subject} and its key belong together";
        if (until <= now)
            return CheckFinding.Failed(ErrorCode.InvalidConfiguration, $"{what}, but it ended at {until:yyyy-MM-dd HH:mm:ss} UTC: clients refuse it.", "Renew it; the proxy reads the file again when it changes.");
        if (from > now)
            return CheckFinding.Failed(ErrorCode.InvalidConfiguration, $"{what}, but it only holds from {from:yyyy-MM-dd HH:mm:ss} UTC: clients refuse it.", "Wait, or correct this host's clock.");
        return until - now < CertificateNotice
            ? CheckFinding.Warning($"{what}; it ends at {until:yyyy-MM-dd HH:mm:ss} UTC, in {(until - now).Days} days.", "Renew it; the proxy reads the file again when it changes.")
            : CheckFinding.Passed($"{what}; it holds until {until:yyyy-MM-dd} UTC.");
    }
}
