using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin;

/// <summary>
/// Lets through who shows the token. Wrong ones are counted, so that trying many is slow and gets noticed; the right one
/// always works, or anybody on this host could lock the operator out.
/// </summary>
internal sealed class TokenGate(Func<string> token, IEngineEventSink events, TimeProvider time)
{
    /// <summary>Wrong tokens that are looked at in <see cref="Window"/>.</summary>
    public const int MaximumWrong = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const string Scheme = "Bearer ";

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _wrong = new();
    private DateTimeOffset _told = DateTimeOffset.MinValue;

    /// <exception cref="AdminProblemException">401 without the token, 429 after too many wrong ones.</exception>
    public void Require(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            if (AdminToken.AreEqual(header[Scheme.Length..].Trim(), token()))
                return;
            if (NoteWrong() is { } wait)
            {
                throw new AdminProblemException(StatusCodes.Status429TooManyRequests, "TooManyAttempts", $"More than {MaximumWrong} wrong tokens were shown within {Window.TotalSeconds:0} s.", "Read the token from .dewy/admin.token in the root and wait.") { RetryAfter = wait };
            }

            throw new AdminProblemException(StatusCodes.Status401Unauthorized, "TokenWrong", "That is not the token.", "Read it from .dewy/admin.token in the root, as the user the agent runs as.");
        }

        throw new AdminProblemException(StatusCodes.Status401Unauthorized, "TokenMissing", "This needs the admin token.", "Send it as 'Authorization: Bearer <token>'; it is in .dewy/admin.token in the root, readable for the user the agent runs as.");
    }

    /// <summary>How long to wait where there were too many; null while there were not.</summary>
    private TimeSpan? NoteWrong()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            while (_wrong.TryPeek(out var oldest) && now - oldest >= Window)
                _wrong.Dequeue();
            if (_wrong.Count < MaximumWrong)
            {
                _wrong.Enqueue(now);
                return null;
            }

            if (now - _told >= Window)
            {
                _told = now;
                events.Publish(new AttentionNeeded($"More than {MaximumWrong} wrong admin tokens were shown to the admin API within {Window.TotalSeconds:0} s.", "admin API", "Find out which program on this host does that.") { Time = now });
            }

            return _wrong.Peek() + Window - now;
        }
    }
}
