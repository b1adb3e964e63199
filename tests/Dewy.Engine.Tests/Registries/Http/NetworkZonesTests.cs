using System.Net;
using Dewy.Engine.Registries.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Http;

public sealed class NetworkZonesTests
{
    [Theory]
    [InlineData("8.8.8.8", "Public")]
    [InlineData("172.32.0.1", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("10.1.2.3", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("192.168.1.1", "Private")]
    [InlineData("100.64.0.1", "Private")]
    [InlineData("240.0.0.1", "Private")]
    [InlineData("fd00::1", "Private")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("100.100.100.200", "LinkLocal")]
    [InlineData("168.63.129.16", "LinkLocal")]
    [InlineData("fd00:ec2::254", "LinkLocal")]
    [InlineData("fe80::1%2", "LinkLocal")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.8.9.10", "Loopback")]
    [InlineData("0.0.0.0", "Loopback")]
    [InlineData("::", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::ffff:169.254.169.254", "LinkLocal")]
    [InlineData("::127.0.0.1", "Loopback")]
    [InlineData("64:ff9b::a9fe:a9fe", "LinkLocal")]
    public void Of_Address_IsHowFarInsideItIs(string address, string expected) =>
        Assert.Equal(expected, NetworkZones.Of(IPAddress.Parse(address)).ToString());

    [Theory]
    [InlineData("Public", "Public", true)]
    [InlineData("Public", "Private", false)]
    [InlineData("Public", "LinkLocal", false)]
    [InlineData("Public", "Loopback", false)]
    [InlineData("Private", "Public", true)]
    [InlineData("Private", "Private", true)]
    [InlineData("Private", "LinkLocal", false)]
    [InlineData("Private", "Loopback", false)]
    [InlineData("Loopback", "Private", true)]
    [InlineData("Loopback", "LinkLocal", false)]
    [InlineData("Loopback", "Loopback", true)]
    [InlineData("LinkLocal", "LinkLocal", true)]
    [InlineData("LinkLocal", "Private", false)]
    public void MayLead_Zones_NeverFurtherInside(string from, string to, bool expected) =>
        Assert.Equal(expected, NetworkZones.MayLead(Enum.Parse<NetworkZone>(from), Enum.Parse<NetworkZone>(to)));
}
