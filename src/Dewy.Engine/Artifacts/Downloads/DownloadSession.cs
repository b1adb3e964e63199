using System.Runtime.ExceptionServices;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>One download across its attempts: what was written and hashed so far, and how it goes on after a cut.</summary>
internal sealed class DownloadSession : IDisposable
{
    /// <summary>Longest time without a byte before the connection is given up.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);

    /// <summary>A slow transfer is written and shown this often, even if the buffer is not full.</summary>
    private static readonly TimeSpan LongestFill = TimeSpan.FromMilliseconds(200);

    private readonly DownloadRequest _request;
    private readonly long _maxSize;
    private readonly DownloadMeter _meter;
    private readonly TimeProvider _timeProvider;
    private readonly PartialFile _file;
    private readonly ContentHasher _hasher;
    private long _position;
    private long? _expectedLength;
    private string? _validator;

    public DownloadSession(DownloadRequest request, long maxSize, DownloadMeter meter, TimeProvider timeProvider)
    {
        _request = request;
        _maxSize = maxSize;
        _meter = meter;
        _timeProvider = timeProvider;
        _expectedLength = request.Asset.Size;
        DownloadFailure.RefuseTooLarge(request, _expectedLength, maxSize);
        _hasher = new ContentHasher(request.Algorithms);
        _file = new PartialFile(request.Path);
    }

    /// <summary>The most bytes any attempt has reached: progress is what goes beyond.</summary>
    public long Farthest { get; private set; }

    /// <summary>One attempt, from where the last one ended if source and content allow; returns when the file is complete.</summary>
    public async Task AttemptAsync(CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(StallLimit, _timeProvider, cancellationToken);
        try
        {
            await using var content = await OpenAsync(watch.Token);
            await CopyAsync(content, watch, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw DownloadFailure.Stalled(_request, _position, exception);
        }

        if (_position < _expectedLength)
            throw DownloadFailure.Truncated(_request, _position, _expectedLength.Value, inner: null);
    }

    /// <summary>Makes the file durable and tells what it is.</summary>
    public ContentDigests Finish()
    {
        _file.Sync();
        _meter.Complete(_position);
        return _hasher.Finish();
    }

    public void Dispose()
    {
        _file.Dispose();
        _hasher.Dispose();
    }

    private async Task<ArtifactContent> OpenAsync(CancellationToken cancellationToken)
    {
        var content = await ResumeAsync(cancellationToken) ?? await _request.Source.OpenAsync(_request.Asset, 0, null, cancellationToken);
        try
        {
            if (content.Offset == 0)
                Restart(content.Validator);
            else if (content.Offset != _position)
                throw DownloadFailure.WrongOffset(_request, content.Offset);
            Expect(content.TotalLength);
            return content;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>An answer that goes on with the same content, or begins at 0; null where a new request from 0 is needed.</summary>
    private async Task<ArtifactContent?> ResumeAsync(CancellationToken cancellationToken)
    {
        if (_position == 0 || _validator is null)
        {
            _position = 0;
            return null;
        }

        ArtifactContent content;
        try
        {
            content = await _request.Source.OpenAsync(_request.Asset, _position, _validator, cancellationToken);
        }
        catch (DewyException exception) when (!TransientFailure.Includes(exception))
        {
            // A source may refuse to go on with content that changed; from 0 it says what is really wrong, if anything is.
            _position = 0;
            return null;
        }

        var sameContent = string.Equals(content.Validator, _validator, StringComparison.Ordinal);
        if (content.Offset == 0 || (content.Offset == _position && sameContent))
            return content;
        await content.DisposeAsync();
        _position = 0;
        return null;
    }

    private void Restart(string? validator)
    {
        _file.Restart();
        _hasher.Restart();
        _position = 0;
        _validator = validator;
        _expectedLength = _request.Asset.Size;
    }

    private void Expect(long? totalLength)
    {
        if (totalLength is { } total)
        {
            if (total < _expectedLength)
                throw DownloadFailure.Truncated(_request, total, _expectedLength.Value, inner: null);
            if (total > _expectedLength)
                throw DownloadFailure.LongerThanAnnounced(_request, _expectedLength.Value);
            _expectedLength = total;
        }

        DownloadFailure.RefuseTooLarge(_request, _expectedLength, _maxSize);
        if (_expectedLength is { } expected)
            _file.DemandSpace(expected - _position, _request.Description);
    }

    private async Task CopyAsync(ArtifactContent content, StallWatch watch, CancellationToken cancellationToken)
    {
        await using var pipeline = new HashingPipeline(_hasher);
        while (true)
        {
            var buffer = await pipeline.RentAsync(watch.Token);
            var (length, cut) = await FillAsync(content.Stream, buffer, watch);
            if (length > 0)
            {
                Limit(_position + length);
                await _file.WriteAsync(buffer.AsMemory(0, length), _position, cancellationToken);
                pipeline.Hash(buffer, length); // only what was written: after a cut file and hash must agree
                _position += length;
                Farthest = Math.Max(Farthest, _position);
                _meter.Report(_position, _expectedLength);
            }

            cut?.Throw();
            if (length == 0)
                return;
        }
    }

    /// <summary>Reads until the buffer is full, the content ends, or it is time to write. What came before a cut is kept.</summary>
    private async ValueTask<(int Length, ExceptionDispatchInfo? Cut)> FillAsync(Stream stream, byte[] buffer, StallWatch watch)
    {
        var length = 0;
        var begun = _timeProvider.GetTimestamp();
        while (length < buffer.Length && (length == 0 || _timeProvider.GetElapsedTime(begun) < LongestFill))
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(length), watch.Token);
            }
            catch (Exception exception) when (length > 0 && (watch.Stalled || TransientFailure.Includes(exception)))
            {
                return (length, ExceptionDispatchInfo.Capture(exception));
            }

            if (read == 0)
                break;
            watch.Pulse();
            length += read;
        }

        return (length, null);
    }

    private void Limit(long bytes)
    {
        if (bytes > _expectedLength)
            throw DownloadFailure.LongerThanAnnounced(_request, _expectedLength.Value);
        if (bytes > _maxSize)
            throw DownloadFailure.TooLarge(_request, $"more than {_maxSize:N0} bytes came", _maxSize);
    }
}
