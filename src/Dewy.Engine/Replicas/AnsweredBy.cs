namespace Dewy.Engine.Replicas;

/// <summary>Who took a connection, where several processes accept on one listening socket.</summary>
internal enum AnsweredBy
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>The replica that is being checked.</summary>
    Replica,

    /// <summary>Somebody else.</summary>
    Other,
}
