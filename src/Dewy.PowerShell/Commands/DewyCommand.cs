using System.Management.Automation;
using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Commands;

/// <summary>
/// A cmdlet that asks the engine. What derives from it says what to ask; the pump, cancellation, progress, log streams
/// and error records are here.
/// </summary>
public abstract class DewyCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private PipelinePump? _pump;
    private ModuleSession? _session;

    /// <summary>Whether a failure ends the statement (so that <c>try</c> catches it) rather than only this input's turn.</summary>
    private protected virtual bool FailureEndsStatement => false;

    /// <summary>What a failure without a target is about.</summary>
    private protected virtual object? Subject => null;

    private protected ModuleSession Session => _session ??= ModuleSession.Current();

    private protected IDewyEngine Engine => Session.Engine;

    /// <summary>Where the engine's events go: progress, verbose, debug, warnings and information of this cmdlet.</summary>
    private protected IEngineEventSink EventSink { get; private set; } = SilentEvents.Instance;

    private PipelinePump Pump => _pump ?? throw new InvalidOperationException("The body of a cmdlet runs inside its pump.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what only the pipeline's thread can: session state, locations, preferences.</summary>
    private protected virtual void Prepare()
    {
    }

    /// <summary>The cmdlet's body. Runs on the thread pool.</summary>
    private protected abstract Task ExecuteAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        _session = ModuleSession.Current();
        var view = new CommandStreams(this);
        try
        {
            Prepare();
            using var pump = new PipelinePump();
            _pump = pump;
            EventSink = new PumpedEvents(pump, view);
            pump.Run(() => ExecuteAsync(_stopping.Token), _stopping.Cancel);
        }
        catch (DewyException exception)
        {
            Fail(ErrorRecords.From(exception, Subject), FailureEndsStatement || exception.Code is ErrorCode.InvalidOption or ErrorCode.InvalidConfiguration);
        }
        catch (Exception exception) when (exception is not PipelineStoppedException && ErrorRecords.CauseOf(exception) is { } cause)
        {
            Fail(ErrorRecords.From(cause, Subject), endsStatement: true);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            _pump = null;
            if (!Stopping)
                view.CompleteProgress();
        }
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stopping.Cancel();

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    /// <summary>Writes an object to the pipeline.</summary>
    private protected void Emit(object output) => Pump.Post(() => WriteObject(ParameterWords.Of(output)));

    /// <summary>Writes an error that ends nothing but this input's turn.</summary>
    private protected void EmitError(ErrorRecord error) => Pump.Post(() => WriteError(error));

    /// <summary>Asks whether to go on, as <c>-WhatIf</c> and <c>-Confirm</c> have it.</summary>
    private protected Task<bool> ShouldProcessAsync(string target, string action) => Pump.AskAsync(() => ShouldProcess(target, action));

    /// <summary>Does something that only the pipeline's thread may, and waits for it.</summary>
    private protected Task<T> OnPipelineAsync<T>(Func<T> action) => Pump.AskAsync(action);

    private void Fail(ErrorRecord error, bool endsStatement)
    {
        if (endsStatement)
            ThrowTerminatingError(error);
        WriteError(error);
    }
}
