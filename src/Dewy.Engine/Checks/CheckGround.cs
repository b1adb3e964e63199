using Dewy.Engine.Composition;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Deployment;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Checks;

/// <summary>What the checks of one application look at. Nothing of it is written to.</summary>
internal sealed class CheckGround : IAsyncDisposable
{
    private readonly Lazy<ContainerEngine?> _engine;

    /// <param name="services">The host.</param>
    /// <param name="application">The application.</param>
    public CheckGround(EngineServices services, BoundApplication application)
    {
        Options = application.Options;
        Services = services.For(Options);
        Redactor = Services.RedactorOf(Options);
        Root = new DeploymentRoot(Options.Deployment.Root, NoEvents.Instance, services.Time);
        Registry = new RegistryLook(this);
        _engine = new Lazy<ContainerEngine?>(() => Options.Container is { } container ? new ContainerEngine(container.Runtime, Services.Environment, Services.UserName, Redactor, Services.Time) : null);
    }

    public ApplicationOptions Options { get; }

    /// <summary>The host as the application sees it.</summary>
    public EngineServices Services { get; }

    public SecretRedactor Redactor { get; }

    public DeploymentRoot Root { get; }

    /// <summary>The one look at the registry that several checks need.</summary>
    public RegistryLook Registry { get; }

    /// <summary>The container engine; null except in container mode.</summary>
    public ContainerEngine? Engine => _engine.Value;

    /// <summary>The agent that holds the root now; null where none does, or it cannot be found out.</summary>
    public RootLockHolder? Agent
    {
        get
        {
            try
            {
                return RootLock.TryReadHolder(Root.Layout) is { IsAgent: true } holder ? holder : null;
            }
            catch (DewyException)
            {
                return null; // the check of the agent says so
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        if (_engine.IsValueCreated)
            _engine.Value?.Dispose();
    }
}
