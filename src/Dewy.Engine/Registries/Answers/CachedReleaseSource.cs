using System.Text.Json;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Answers;

/// <summary>
/// A registry that a fleet asks together: in each window one host asks, and the others read its answer from a shared bucket.
/// Within a window a host that knows the answer makes no request at all; at its end one small request, conditional where it
/// knows an older answer. A registry that is down is asked once a window as well, and the last answer stands meanwhile, which
/// is told. Where the bucket fails each host asks for itself, at most once a window. Contents and reports pass through. One
/// caller at a time.
/// </summary>
internal sealed class CachedReleaseSource : IReleaseSource
{
    /// <summary>Pinned releases and the like, besides the newest.</summary>
    private const int MostAssetLists = 16;

    /// <summary>How long a host without any answer waits for the one that is asking.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a host whose credentials were refused leaves asking to others.</summary>
    private static readonly TimeSpan Abstention = TimeSpan.FromMinutes(5);

    private readonly IReleaseSource _registry;
    private readonly SharedBucket _bucket;
    private readonly RegistryQuestion _question;
    private readonly TimeSpan _window;
    private readonly ReleaseChooser _chooser;
    private readonly TimeProvider _timeProvider;
    private readonly BucketLease _lease;
    private readonly StaleNotice _notice;
    private HeldAnswer? _held;
    private RegistryAnswer? _served;
    private DewyException? _refusal;
    private long _refusedAt;

    /// <param name="registry">The registry; disposed together with this.</param>
    /// <param name="bucket">Where answers are kept; its owner's to dispose.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="window">How long an answer stands.</param>
    /// <param name="criteria">Which release will be chosen: its files are part of the answer.</param>
    /// <param name="events">Learns that an answer is stale.</param>
    /// <param name="timeProvider">The clock.</param>
    public CachedReleaseSource(IReleaseSource registry, SharedBucket bucket, RegistryQuestion question, TimeSpan window, ReleaseCriteria criteria, IEngineEventSink events, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
        _bucket = bucket;
        _question = question;
        _window = window;
        _chooser = new ReleaseChooser(criteria, registry.SlotMayFollowUnderscore);
        _timeProvider = timeProvider;
        _lease = new BucketLease(bucket, question.LeaseName, timeProvider);
        _notice = new StaleNotice(registry.DisplayName, events, timeProvider);
    }

    public string DisplayName => _registry.DisplayName;

    public bool SlotMayFollowUnderscore => _registry.SlotMayFollowUnderscore;

    public async Task<ReleaseListing> ListAsync(CancellationToken cancellationToken)
    {
        if (_held is not { } held || !IsFresh(held))
            _held = held = await RenewAsync(cancellationToken);
        if (held.Answer.Releases is not { } releases)
            throw (held.Answer.Failure ?? throw new InvalidOperationException("An answer is neither a listing nor a failure.")).ToException();
        _notice.Update(held.Answer, held.Answer.Failure?.Message ?? (IsFresh(held) ? null : _refusal?.Message));
        var isSame = ReferenceEquals(_served, held.Answer);
        _served = held.Answer;
        return new ReleaseListing(releases, NotModified: isSame);
    }

    public async Task<IReadOnlyList<ReleaseAsset>> ListAssetsAsync(ReleaseCandidate release, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (_held is { } known && known.Answer.Assets.TryGetValue(release.Tag, out var there))
            return there;
        try
        {
            var held = await ObtainAsync(
                answer => answer.Answer.Assets.ContainsKey(release.Tag),
                mayBeOld: false,
                async (before, token) => WithAssets(before is { Answer.Releases: not null } ? before : _held, release.Tag, await _registry.ListAssetsAsync(release, token)),
                cancellationToken);
            _held = held;
            return held.Answer.Assets[release.Tag];
        }
        catch (BucketUnusableException)
        {
            var assets = await _registry.ListAssetsAsync(release, cancellationToken);
            if (_held is { } mine)
                _held = mine with { Answer = WithAssets(mine, release.Tag, assets) with { ListingAgeSeconds = mine.Answer.ListingAgeSeconds }, Validator = null };
            return assets;
        }
    }

    public Task<ArtifactContent> OpenAsync(ReleaseAsset asset, long offset, string? validator, CancellationToken cancellationToken) => _registry.OpenAsync(asset, offset, validator, cancellationToken);

    public Task ReportAsync(ShippingReport report, CancellationToken cancellationToken) => _registry.ReportAsync(report, cancellationToken);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    private bool IsFresh(HeldAnswer held) => held.IsFresh(_window, _timeProvider);

    private async Task<HeldAnswer> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ObtainAsync(IsFresh, mayBeOld: true, AskAsync, cancellationToken);
        }
        catch (BucketUnusableException)
        {
            return Hold(await AskAsync(_held, cancellationToken), validator: null);
        }
        catch (DewyException exception) when (ReferenceEquals(exception, _refusal) && _held is { Answer.Releases: not null } old)
        {
            return old; // others may have better credentials; until they answer this one stands, and is told to be stale
        }
    }

    /// <summary>An answer that is enough: found in the bucket, asked for by this host, or waited for. Or the old one, while somebody else is asking.</summary>
    private async Task<HeldAnswer> ObtainAsync(Func<HeldAnswer, bool> isEnough, bool mayBeOld, Func<HeldAnswer?, CancellationToken, Task<RegistryAnswer>> ask, CancellationToken cancellationToken)
    {
        var begun = _timeProvider.GetTimestamp();
        while (true)
        {
            var found = await ReadAsync(cancellationToken);
            if (found is not null && isEnough(found))
                return found;
            if (!Abstains && await _lease.TryAcquireAsync(cancellationToken) is { } lease)
            {
                await using (lease)
                {
                    // Between the look and the lease another host may have asked.
                    found = await ReadAsync(cancellationToken);
                    return found is not null && isEnough(found) ? found : await WriteAsync(await ask(found, cancellationToken), found, cancellationToken);
                }
            }

            if (mayBeOld && found?.Answer.Releases is not null)
                return found;
            if (Abstains && _refusal is { } refusal)
                throw refusal;
            if (_timeProvider.GetElapsedTime(begun) >= LongestWait)
                return Hold(await ask(found, cancellationToken), validator: null);
            await Task.Delay(LookInterval * (0.75 + (Random.Shared.NextDouble() / 2)), _timeProvider, cancellationToken);
        }
    }

    private bool Abstains => _refusal is not null && _timeProvider.GetElapsedTime(_refusedAt) < Abstention;

    /// <summary>Asks the registry. Its failures are answers as well, so that not every host makes them anew; but not one's own lack of rights.</summary>
    private async Task<RegistryAnswer> AskAsync(HeldAnswer? before, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await _registry.ListAsync(cancellationToken);
            var assets = new Dictionary<string, IReadOnlyList<ReleaseAsset>>(StringComparer.Ordinal);
            if (_chooser.Rank(listing.Releases).Newest?.Candidate is { Assets: null } newest)
                assets[newest.Tag] = await _registry.ListAssetsAsync(newest, cancellationToken);
            _refusal = null;
            return new RegistryAnswer
            {
                Question = _question.Text,
                AskedBy = _bucket.Host,
                AnsweredAt = _timeProvider.GetUtcNow(),
                WrittenAt = _timeProvider.GetUtcNow(),
                Releases = listing.Releases,
                Assets = assets,
            };
        }
        catch (DewyException exception) when (exception.Code is ErrorCode.RegistryUnauthorized)
        {
            (_refusal, _refusedAt) = (exception, _timeProvider.GetTimestamp());
            throw;
        }
        catch (DewyException exception) when (exception.Code is not ErrorCode.InvalidOption)
        {
            return (before?.Answer ?? new RegistryAnswer { Question = _question.Text }) with
            {
                AskedBy = _bucket.Host,
                WrittenAt = _timeProvider.GetUtcNow(),
                ListingAgeSeconds = before?.AgeOfListing(_timeProvider).TotalSeconds ?? 0,
                Failure = RegistryAnswerFailure.Of(exception),
            };
        }
    }

    private RegistryAnswer WithAssets(HeldAnswer? before, string tag, IReadOnlyList<ReleaseAsset> assets)
    {
        var answer = before?.Answer ?? new RegistryAnswer { Question = _question.Text };
        var lists = new Dictionary<string, IReadOnlyList<ReleaseAsset>>(answer.Assets.Count < MostAssetLists ? answer.Assets : [], StringComparer.Ordinal) { [tag] = assets };
        return answer with { Assets = lists, WrittenAt = _timeProvider.GetUtcNow(), ListingAgeSeconds = before?.AgeOfListing(_timeProvider).TotalSeconds ?? 0 };
    }

    private async Task<HeldAnswer?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _bucket.ReadAsync(_question.AnswerName, _held?.Validator, cancellationToken);
        if (read?.Bytes is not { } bytes)
            return read is null ? null : _held;
        var answer = RegistryAnswer.Parse(bytes);

        // Damaged, of another version, or of a question that fell on the same key: there, but of no use.
        if (answer is null || !string.Equals(answer.Question, _question.Text, StringComparison.Ordinal) || answer is { Releases: null, Failure: null })
            return new HeldAnswer(new RegistryAnswer { Question = _question.Text }, read.Validator, HeldAnswer.Oldest, HeldAnswer.Oldest, _timeProvider.GetTimestamp());

        // By the bucket's clock; where it does not tell, by those of the hosts, as far as that makes sense.
        var age = read.Age ?? _timeProvider.GetUtcNow() - (answer.WrittenAt ?? DateTimeOffset.UnixEpoch);
        age = age < TimeSpan.Zero ? TimeSpan.Zero : age;
        return new HeldAnswer(answer, read.Validator, age + ListingAge(answer), age, _timeProvider.GetTimestamp());
    }

    private async Task<HeldAnswer> WriteAsync(RegistryAnswer answer, HeldAnswer? before, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, RegistryAnswerJson.Default.RegistryAnswer);
        if (bytes.Length > BucketContent.Largest)
        {
            _bucket.Warn($"The answer of {DisplayName} has {bytes.Length:N0} bytes, too many to share.", "Remove old releases from the registry.");
            return Hold(answer, validator: null);
        }

        try
        {
            var condition = before?.Validator is { } validator ? BucketCondition.Has(validator) : BucketCondition.Absent;
            return Hold(answer, await _bucket.WriteAsync(_question.AnswerName, bytes, condition, cancellationToken));
        }
        catch (BucketUnusableException)
        {
            return Hold(answer, validator: null); // this host has it at least
        }
    }

    private HeldAnswer Hold(RegistryAnswer answer, string? validator) =>
        new(answer, validator, ListingAge(answer), TimeSpan.Zero, _timeProvider.GetTimestamp());

    private static TimeSpan ListingAge(RegistryAnswer answer) => TimeSpan.FromSeconds(Math.Clamp(answer.ListingAgeSeconds, 0, HeldAnswer.Oldest.TotalSeconds));
}
