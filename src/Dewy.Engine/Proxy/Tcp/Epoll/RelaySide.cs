using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>One of the two sockets of a relay, and what is known of it.</summary>
internal sealed class RelaySide(EpollRelay relay, Socket socket, TcpOutcome broken) : IEventTarget
{
    private const uint HasMore = EpollCalls.Urgent | EpollCalls.PeerEnded | EpollCalls.Failed | EpollCalls.HungUp;

    private int _key = -1;

    public int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public Socket Socket => socket;

    /// <summary>How the connection has ended where it is this side that broke it off.</summary>
    public TcpOutcome Broken => broken;

    /// <summary>Whether there may be something to receive.</summary>
    public bool IsReadable { get; set; }

    /// <summary>Whether something behind the bytes is to be expected, an end, an error or a mark, so that a short read is not the last.</summary>
    public bool HasMarks { get; set; }

    /// <summary>Whether the kernel told of an error of it.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether it takes nothing any more, and what it said before is being passed on.</summary>
    public bool IsHeardOut { get; set; }

    public void Register(EventLoop loop) => _key = loop.Add(Descriptor, this);

    public void Unregister(EventLoop loop)
    {
        if (_key >= 0)
            loop.Remove(Descriptor, _key);
        _key = -1;
    }

    /// <summary>Whether the kernel holds an error for it. Asking takes the error away.</summary>
    public bool TakeError()
    {
        try
        {
            return socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is not 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void OnEvents(uint events)
    {
        if ((events & (EpollCalls.Readable | HasMore)) != 0)
            IsReadable = true;
        if ((events & HasMore) != 0)
            HasMarks = true;
        if ((events & EpollCalls.Failed) != 0)
            HasFailed = true;
        relay.OnEvents(this, events);
    }
}
