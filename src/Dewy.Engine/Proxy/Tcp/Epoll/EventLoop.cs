using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dewy.Engine.Processes;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>
/// A thread that waits for many sockets at once and sees to each where it is told of it. Nothing that waits may be done on
/// it. All but <see cref="Post"/> and <see cref="Dispose"/> is for that thread alone.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    /// <summary>Events taken at once.</summary>
    private const int MostEvents = 256;

    private const int UntilSomething = -1;
    private const long WakeData = -1;
    private const uint AllChanges = EpollCalls.Readable | EpollCalls.Urgent | EpollCalls.Writable | EpollCalls.PeerEnded | EpollCalls.OnChange;

    private readonly int _epoll;
    private readonly SafeFileHandle _wake;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Stack<int> _free = new();
    private IEventTarget?[] _targets = new IEventTarget?[64];
    private int _targetCount;
    private List<Action> _again = [];
    private List<Action> _turn = [];
    private int _isWoken;
    private bool _isEnding;

    private EventLoop(int epoll, int wake, int pipes)
    {
        Pipes = new PipePool(pipes);
        _epoll = epoll;
        _wake = new SafeFileHandle(wake, ownsHandle: true);
        Buffer = (byte*)NativeMemory.Alloc(BufferBytes);
        _thread = new Thread(Run) { IsBackground = true, Name = "Dewy TCP" };
        _thread.Start();
    }

    /// <summary>How much <see cref="Buffer"/> holds.</summary>
    public const int BufferBytes = 64 * 1024;

    /// <summary>Memory for what is passed on at once; of no connection longer than its turn.</summary>
    public byte* Buffer { get; }

    /// <summary>Pipes for large streams.</summary>
    public PipePool Pipes { get; }

    /// <summary>Starts one; null where the kernel does not offer it.</summary>
    /// <param name="pipes">The most pipes it may use.</param>
    public static EventLoop? TryStart(int pipes = PipePool.MostPipes)
    {
        var epoll = EpollCalls.CreateEpoll();
        if (epoll < 0)
            return null;
        var wake = EpollCalls.CreateWake();
        if (wake >= 0 && EpollCalls.Control(epoll, EpollCalls.Add, wake, EpollCalls.Readable | EpollCalls.OnChange, WakeData) == 0)
            return new EventLoop(epoll, wake, pipes);
        if (wake >= 0)
            _ = Libc.Close(wake);
        _ = Libc.Close(epoll);
        return null;
    }

    /// <summary>Has something done on the loop's thread. It must not throw.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
            Wake();
    }

    /// <summary>Tells <paramref name="target"/> of every change of a descriptor from now on, and of what is the case already.</summary>
    /// <returns>Its key for <see cref="Remove"/>.</returns>
    /// <exception cref="SocketException">The kernel has no room for it.</exception>
    public int Add(int descriptor, IEventTarget target)
    {
        if (!_free.TryPop(out var key))
        {
            key = _targetCount++;
            if (key == _targets.Length)
                Array.Resize(ref _targets, key * 2);
        }

        _targets[key] = target;
        if (EpollCalls.Control(_epoll, EpollCalls.Add, descriptor, AllChanges, key) == 0)
            return key;
        Release(key);
        throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
    }

    /// <summary>Tells of it no more. To be called before it is closed: a child of this process may hold a copy for a moment, whose events would go on.</summary>
    public void Remove(int descriptor, int key)
    {
        _ = EpollCalls.Control(_epoll, EpollCalls.Delete, descriptor, 0, 0);
        Release(key);
    }

    /// <summary>Does something when the others have had their turn.</summary>
    public void Again(Action turn) => _again.Add(turn);

    /// <summary>Ends the thread, once nothing is registered any more.</summary>
    public void Dispose()
    {
        Post(() => _isEnding = true);
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>Through a handle: the loop may have done what was posted, and ended, before its poster comes to this.</summary>
    private void Wake()
    {
        var isHeld = false;
        try
        {
            _wake.DangerousAddRef(ref isHeld);
            var one = 1L;
            _ = EpollCalls.Write((int)_wake.DangerousGetHandle(), (byte*)&one, sizeof(long));
        }
        catch (ObjectDisposedException)
        {
            // Nothing waits any more.
        }
        finally
        {
            if (isHeld)
                _wake.DangerousRelease();
        }
    }

    private void Release(int key)
    {
        _targets[key] = null;
        _free.Push(key);
    }

    private void Run()
    {
        var events = stackalloc byte[MostEvents * EpollCalls.EventBytes];
        while (!_isEnding)
        {
            var count = EpollCalls.Wait(_epoll, events, MostEvents, _again.Count > 0 ? 0 : UntilSomething);
            for (var index = 0; index < count; index++)
                Deliver(events + (index * EpollCalls.EventBytes));
            GiveTurns();
        }

        Pipes.Dispose();
        NativeMemory.Free(Buffer);
        _ = Libc.Close(_epoll);
    }

    private void Deliver(byte* happened)
    {
        var data = *(long*)(happened + EpollCalls.DataOffset);
        if (data == WakeData)
            RunPosted();
        else
            _targets[data]?.OnEvents(*(uint*)happened);
    }

    private void RunPosted()
    {
        // First, so that what is posted from now on wakes again.
        Interlocked.Exchange(ref _isWoken, 0);
        while (_posted.TryDequeue(out var action))
            action();
    }

    private void GiveTurns()
    {
        if (_again.Count == 0)
            return;
        (_again, _turn) = (_turn, _again);
        foreach (var turn in _turn)
            turn();
        _turn.Clear();
    }
}
