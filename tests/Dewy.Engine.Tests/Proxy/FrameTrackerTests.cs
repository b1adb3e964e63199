using Dewy.Engine.Proxy.WebSockets;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class FrameTrackerTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(125, false)]
    [InlineData(126, true)]
    [InlineData(65_535, false)]
    [InlineData(65_536, true)]
    public void FollowToBoundary_AnySizeInAnyPieces_FindsTheEndOfTheFrame(int payload, bool masked)
    {
        var frame = Frame(0x82, payload, masked);
        foreach (var piece in new[] { 1, 3, 1000, frame.Length })
        {
            var tracker = new FrameTracker();
            for (var start = 0; start < frame.Length; start += piece)
            {
                var bytes = frame.AsSpan(start, Math.Min(piece, frame.Length - start));
                Assert.Equal(bytes.Length, tracker.FollowToBoundary(bytes));
                Assert.Equal(start + bytes.Length == frame.Length, tracker.IsAtBoundary);
            }
        }
    }

    [Fact]
    public void FollowToBoundary_TwoFrames_StopsAfterTheFirst()
    {
        var frame = Frame(0x81, 5, masked: false);
        Assert.Equal(frame.Length, new FrameTracker().FollowToBoundary([.. frame, .. frame]));
    }

    [Fact]
    public void Follow_CloseFrame_HasClosedWhenItIsWhole()
    {
        var tracker = new FrameTracker();
        var close = Frame(0x88, 2, masked: true);
        tracker.Follow([.. Frame(0x81, 8, masked: true), .. close[..^1]]);
        Assert.False(tracker.HasClosed);
        tracker.Follow(close.AsSpan(close.Length - 1));
        Assert.True(tracker.HasClosed);
    }

    private static byte[] Frame(byte first, int payload, bool masked)
    {
        var mask = (byte)(masked ? 0x80 : 0);
        byte[] length = payload switch
        {
            < 126 => [(byte)(mask | payload)],
            < 65_536 => [(byte)(mask | 126), (byte)(payload >> 8), (byte)payload],
            _ => [(byte)(mask | 127), 0, 0, 0, 0, (byte)(payload >> 24), (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload],
        };
        return [first, .. length, .. masked ? new byte[] { 1, 2, 3, 4 } : [], .. new byte[payload]];
    }
}
