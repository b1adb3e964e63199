namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>Is told by an <see cref="EventLoop"/> of what it waits for, always on that loop's thread.</summary>
internal interface IEventTarget
{
    /// <summary>
    /// Something may have changed. A hint: what holds is what the next call on the descriptor says, for an event can be that
    /// of one that was closed meanwhile.
    /// </summary>
    void OnEvents(uint events);
}
