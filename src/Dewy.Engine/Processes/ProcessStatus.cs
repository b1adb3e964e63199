namespace Dewy.Engine.Processes;

/// <summary>What <c>/proc/&lt;pid&gt;/stat</c> says of a process. Linux only; proc(5).</summary>
internal readonly record struct ProcessStatus(char State, int ParentId, int GroupId, ulong StartTicks)
{
    /// <summary>A zombie, or dead.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>The status; null where no such process is.</summary>
    public static ProcessStatus? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");

            // The name in parentheses may hold anything, parentheses and spaces too.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStatus(fields[0][0], int.Parse(fields[1]), int.Parse(fields[2]), ulong.Parse(fields[19]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
