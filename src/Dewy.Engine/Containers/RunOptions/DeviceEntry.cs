namespace Dewy.Engine.Containers.RunOptions;

/// <summary>A device of the host in a container.</summary>
internal sealed record DeviceEntry(string OnHost, string InContainer, string Permissions);
