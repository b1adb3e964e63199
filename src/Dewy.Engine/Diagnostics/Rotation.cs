namespace Dewy.Engine.Diagnostics;

/// <summary>Counts the backends in rotation as events tell of them, and knows which of them are containers.</summary>
internal sealed class Rotation
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _backends = new(StringComparer.Ordinal);

    public void NoteContainer(string name)
    {
        lock (_gate)
            _containers.Add(name);
    }

    /// <returns>How many are in rotation with it, where it is a container started by this agent; null for others.</returns>
    public int? Add(string name)
    {
        lock (_gate)
        {
            _backends.Add(name);
            return _containers.Contains(name) ? _backends.Count : null;
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _backends.Remove(name);
            _containers.Remove(name);
        }
    }
}
