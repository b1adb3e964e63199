using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>Tells a person why an address cannot be listened on.</summary>
internal static class BindFailure
{
    public static DewyException Explain(ListenAddress address, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => Failure(
            ErrorCode.PortInUse,
            $"{Name(address)} is taken{PortOwner.Describe(address)}.",
            "Stop what listens there, or choose another --port."),
        SocketError.AccessDenied when address.Port is < 1024 and > 0 => Failure(
            ErrorCode.StartFailed,
            $"Not allowed to listen on {Name(address)}: ports below 1024 need a privilege.",
            "Choose a port from 1024, give the agent CAP_NET_BIND_SERVICE, or let systemd bind it (a socket unit)."),
        SocketError.AccessDenied => Failure(
            ErrorCode.StartFailed,
            $"Not allowed to listen on {Name(address)}.",
            "Give the agent's user write access to the directory of the socket, or choose another --port."),
        SocketError.AddressNotAvailable => Failure(
            ErrorCode.StartFailed,
            $"Cannot listen on {Name(address)}: this host has no such address.",
            "Name an address of this host in --port, or a port alone for all of them."),
        _ => Failure(
            ErrorCode.StartFailed,
            $"Cannot listen on {Name(address)}: {exception.Message}.",
            "Check --port, and that the directory of a socket's path exists."),
    };

    private static string Name(ListenAddress address) => address.Path ?? (address.Host is null ? $"Port {address.Port}" : $"Address {address.Spec}");

    private static DewyException Failure(ErrorCode code, string message, string nextStep, string? target = null) =>
        new(code, message) { Phase = "start", Target = target ?? "--port", NextStep = nextStep };
}
