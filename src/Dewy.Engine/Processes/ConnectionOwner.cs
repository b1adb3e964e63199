using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Processes;

/// <summary>
/// Tells whether a connection made from here to a shared listening socket was accepted by one generation's processes:
/// the other end is looked up in the kernel's table of connections, its inode among the descriptors of those processes.
/// </summary>
internal sealed class ConnectionOwner(int processGroup, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the tables are looked through for what is not there: they are no snapshots, and a socket may be on its way from one process to another.</summary>
    private const int Looks = 3;

    /// <summary>Waits until somebody has accepted the connection and tells who: <see cref="AnsweredBy.Unknown"/> where this machine does not say.</summary>
    public async Task<AnsweredBy> FindAsync(Socket client, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || client.RemoteEndPoint is not IPEndPoint server || client.LocalEndPoint is not IPEndPoint own)
            return AnsweredBy.Unknown;
        try
        {
            var inode = await WaitUntilAcceptedAsync(client, server, own, cancellationToken);
            return inode is null ? AnsweredBy.Unknown : await LookForAsync(inode.Value, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return AnsweredBy.Unknown;
        }
    }

    private async Task<ulong?> WaitUntilAcceptedAsync(Socket client, IPEndPoint server, IPEndPoint own, CancellationToken cancellationToken)
    {
        var missing = 0;
        for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var inode = SocketTable.FindInode(server, own);
            if (inode > 0 || (inode is null && ++missing == Looks))
                return inode;
            if (inode is 0 && client.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                return null; // it was accepted, answered and closed between two looks, and then has no owner for a minute
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<AnsweredBy> LookForAsync(ulong inode, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var allReadable = true;
            foreach (var process in ProcessTable.MembersOf(processGroup))
            {
                switch (SocketDescriptors.Holds(process, inode))
                {
                    case true:
                        return AnsweredBy.Replica;
                    case null:
                        allReadable = false;
                        break;
                }
            }

            if (!allReadable)
                return AnsweredBy.Unknown;
            if (look == Looks)
                return AnsweredBy.Other;
            await Task.Delay(TimeSpan.FromMilliseconds(look), time, cancellationToken);
        }
    }
}
