using Dewy.Engine.Proxy.Backends;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class BackendClaimsTests
{
    [Fact]
    public void TryClaim_Closed_IsRefused()
    {
        var claims = new BackendClaims();
        Assert.True(claims.TryClaim());
        Assert.Equal(1, claims.Close());
        Assert.False(claims.TryClaim());
        Assert.False(claims.Idle.IsCompleted);
        claims.Release();
        Assert.True(claims.Idle.IsCompleted);
        Assert.Equal(0, claims.Count);
    }

    [Fact]
    public void Close_NoneInFlight_IsIdleAtOnce()
    {
        var claims = new BackendClaims();
        Assert.Equal(0, claims.Close());
        Assert.True(claims.Idle.IsCompleted);
    }
}
