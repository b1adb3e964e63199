namespace Dewy.Engine.Agent;

/// <summary>A workload of replicas, one of which an operator can have replaced.</summary>
internal interface IDrainable
{
    /// <summary>
    /// Takes a replica out of rotation: no request starts on it any more, those in flight may finish within the drain time,
    /// then it is stopped and the next upkeep starts another in its place. Returns at once.
    /// </summary>
    /// <param name="replicaId">Its id.</param>
    /// <returns>False where no such replica is in rotation any more.</returns>
    bool TryDrain(string replicaId);
}
