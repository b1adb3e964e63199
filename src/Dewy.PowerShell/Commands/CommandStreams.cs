using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>Shows events in the streams of a cmdlet. Used on the pipeline's thread only.</summary>
internal sealed class CommandStreams(Cmdlet cmdlet)
{
    private readonly ProgressView _progress = new();

    public void Show(EngineEvent engineEvent)
    {
        if (_progress.Of(engineEvent) is { } progress)
            cmdlet.WriteProgress(progress);
        if (EventNote.Of(engineEvent) is not { } note)
            return;
        switch (note.Stream)
        {
            case NoteStream.Information:
                cmdlet.WriteInformation(note.Text, [.. note.Tags]);
                break;
            case NoteStream.Warning:
                cmdlet.WriteWarning(note.Text);
                break;
            case NoteStream.Verbose:
                cmdlet.WriteVerbose(note.Text);
                break;
            case NoteStream.Debug:
                cmdlet.WriteDebug(note.Text);
                break;
            default:
                throw new InvalidOperationException($"No stream {note.Stream}.");
        }
    }

    /// <summary>Takes progress that is still shown off the screen.</summary>
    public void CompleteProgress()
    {
        foreach (var record in _progress.Remaining())
            cmdlet.WriteProgress(record);
    }
}
