namespace Dewy;

/// <summary>What making a release live means.</summary>
public enum DeploymentMode
{
    /// <summary>Deploy files only.</summary>
    Assets,

    /// <summary>Deploy an archive and supervise the program in it.</summary>
    Server,

    /// <summary>Run an image as replicas behind the built-in proxy.</summary>
    Container,
}
