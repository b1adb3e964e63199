using Polly;
using Polly.Retry;

namespace Dewy.Engine.Notifications;

/// <summary>Brings one message to one notifier: a time limit for each try, a few tries, further and further apart or as the service asks.</summary>
internal sealed class NotificationDelivery : IAsyncDisposable
{
    /// <summary>Longest a try may take.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause a service gets on its word.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>Tries after the first.</summary>
    private const int Retries = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly INotifier _notifier;
    private readonly NotifierServices _services;
    private readonly ResiliencePipeline<NotifierFailure?> _pipeline;

    public NotificationDelivery(NotifierAddress address, INotifier notifier, NotifierServices services)
    {
        Address = address;
        _notifier = notifier;
        _services = services;
        _pipeline = new ResiliencePipelineBuilder<NotifierFailure?> { TimeProvider = services.Time }
            .AddRetry(new RetryStrategyOptions<NotifierFailure?>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { IsTransient: true }),
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter is { } after ? (TimeSpan?)(after < LongestPause ? after : LongestPause) : null),
            })
            .Build();
    }

    public NotifierAddress Address { get; }

    /// <summary>The notifiers of an application.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the environment lacks what one needs.</exception>
    public static IReadOnlyList<NotificationDelivery> Open(IReadOnlyList<NotifierAddress> addresses, NotifierServices services) =>
        [.. addresses.Select(address => new NotificationDelivery(address, NotifierCatalog.BuiltIn.Create(address, services), services))];

    /// <summary>Delivers a message.</summary>
    /// <param name="message">The message; its secrets are taken out here.</param>
    /// <param name="attempted">Told of each try: why it failed, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it was not delivered in the end; null where it was.</returns>
    public async Task<NotifierFailure?> DeliverAsync(NotificationMessage message, Action<NotifierFailure?> attempted, CancellationToken cancellationToken)
    {
        var clean = message.Without(_services.Redactor);
        return await _pipeline.ExecuteAsync(
            async token =>
            {
                var failure = await TryAsync(clean, token);
                attempted(failure);
                return failure;
            },
            cancellationToken);
    }

    /// <summary>A sentence without secrets.</summary>
    public string Clean(string sentence) => _services.Redactor.Redact(sentence);

    public ValueTask DisposeAsync() => _notifier.DisposeAsync();

    private async Task<NotifierFailure?> TryAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AttemptTimeout, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _notifier.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NotifierFailure($"there was no answer within {AttemptTimeout.TotalSeconds:0} s", "Check the connection to the service", IsTransient: true);
        }
    }
}
