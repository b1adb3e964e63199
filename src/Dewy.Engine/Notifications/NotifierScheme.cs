namespace Dewy.Engine.Notifications;

/// <summary>One kind of notifier: how its URLs look and what makes it. A new kind is a folder and one of these in <see cref="NotifierCatalog.BuiltIn"/>.</summary>
internal sealed record NotifierScheme
{
    /// <summary>The parameter every notifier has.</summary>
    public const string Quiet = "quiet";

    /// <summary>The URL's scheme, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>How its URLs look, for messages, such as <c>slack://&lt;channel&gt;</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Names of the query parameters it takes, lower case, besides <see cref="Quiet"/>.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>The URL without its secrets. Called before anything is checked.</summary>
    public required Func<NotifierAddress, string> Display { get; init; }

    /// <summary>Checks an address that has its display name; throws <see cref="NotifierAddressReader.Invalid"/>.</summary>
    public required Action<NotifierAddress> Validate { get; init; }

    /// <summary>What in a valid URL nobody may see.</summary>
    public Func<NotifierAddress, IEnumerable<string?>> Secrets { get; init; } = _ => [];

    /// <summary>Makes the notifier; throws <see cref="ErrorCode.InvalidOption"/> where the environment lacks what it needs.</summary>
    public required Func<NotifierAddress, NotifierServices, INotifier> Create { get; init; }
}
