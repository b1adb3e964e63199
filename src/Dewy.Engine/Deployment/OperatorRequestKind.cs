namespace Dewy.Engine.Deployment;

/// <summary>What an operator asks for.</summary>
internal enum OperatorRequestKind
{
    /// <summary>A cycle now. A rollback is a pin set in the same update, and this.</summary>
    Deploy,

    /// <summary>A graceful restart of the application.</summary>
    Restart,
}
