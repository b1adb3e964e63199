using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Dewy.Engine.Notifications.Mail;

/// <summary>A message as plain text mail.</summary>
internal static class MailText
{
    private const int LongestSubject = 150;

    public static MimeMessage Of(NotificationMessage message, MailSettings settings)
    {
        var mail = new MimeMessage
        {
            Subject = ShortText.Of(settings.Subject ?? $"[{message.Application}] {message.Text}", LongestSubject).ReplaceLineEndings(" "),
            Date = message.Time,
            Body = new TextPart(TextFormat.Plain) { Text = Body(message) },
        };
        mail.From.Add(settings.From ?? throw new InvalidOperationException("The sender was asked for before."));
        mail.To.AddRange(settings.To);

        // RFC 3834: absence notes and the like stay away.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (message.Level == NotificationLevel.Error)
            mail.Importance = MessageImportance.High;
        return mail;
    }

    private static string Body(NotificationMessage message)
    {
        var text = new StringBuilder(message.Text).Append("\r\n");
        if (message.Detail is { } detail)
            text.Append("\r\n").Append(detail.ReplaceLineEndings("\r\n")).Append("\r\n");
        IReadOnlyList<NotificationFact> facts = [.. message.Facts, new("Application", message.Application), new("Host", message.Host), new("Time", $"{message.Time.UtcDateTime:u}")];
        var width = facts.Max(fact => fact.Name.Length) + 1;
        text.Append("\r\n");
        foreach (var fact in facts)
            text.Append((fact.Name + ":").PadRight(width)).Append(' ').Append(fact.Value.ReplaceLineEndings(" ")).Append("\r\n");
        foreach (var output in message.Outputs)
            text.Append("\r\n--- ").Append(output.Title).Append(" ---\r\n").Append(output.Text.TrimEnd().ReplaceLineEndings("\r\n")).Append("\r\n");
        return text.ToString();
    }
}
