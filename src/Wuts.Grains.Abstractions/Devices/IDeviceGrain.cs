using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Wuts.Domain.Devices;
using Wuts.Domain.Waiting;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;

namespace Wuts.Grains.Devices;

/// <summary>One WhatsApp number of a tenant: its session, its outbound queue and its pace. Key: <see cref="DeviceKey"/>.</summary>
[Alias("wuts.device-grain")]
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>How long calls may take that wait for WhatsApp or, in a purge, for all messages of the device. The others answer, or are repeated, sooner.</summary>
    private const string Session = "00:00:30";

    /// <summary>
    /// Takes a message for sending. <see cref="SendAnswer.Accepted"/> means that it is durable: a crash does not lose it. The
    /// answer waits for the dispatch up to <see cref="SendCommand.Hold"/>, unless that cannot be enough.
    /// </summary>
    /// <remarks>Safe to repeat after a timeout: the same id and payload is the same message.</remarks>
    [AlwaysInterleave, Alias("send")]
    Task<SendAnswer> Send(SendCommand command, CancellationToken cancellationToken = default);

    /// <summary>What the device is doing; <c>null</c> if there is no such device. Never waits.</summary>
    [AlwaysInterleave, Alias("get-snapshot")]
    Task<DeviceSnapshot?> GetSnapshot();

    /// <summary>What a message of this device waits for; <c>null</c> if there is no such device. Only looks, and never waits.</summary>
    /// <param name="message">What its row says.</param>
    [AlwaysInterleave, Alias("explain")]
    Task<WaitingFor?> Explain(WaitingMessage message);

    /// <summary>
    /// What the whole queue waits for; <c>null</c> if there is no such device. Only looks, and never waits. It goes over the queue once, a long
    /// one beside the device's other work: about 0.1 s of one processor for 100,000 messages.
    /// </summary>
    [AlwaysInterleave, Alias("explain-queue")]
    Task<QueueReport?> ExplainQueue();

    /// <summary>How healthy the number is, how fast it sends and why; <c>null</c> if there is no such device. Never waits.</summary>
    [AlwaysInterleave, Alias("get-health")]
    Task<DeviceHealthSnapshot?> GetHealth();

    /// <summary>Changes the number's warm-up; whoever waits for a day is planned anew. Returns its health then. Safe to repeat.</summary>
    [Alias("set-warm-up"), ResponseTimeout(Session)]
    Task<DeviceHealthSnapshot?> SetWarmUp(WarmUpSettings settings, CancellationToken cancellationToken = default);

    /// <summary>A QR code for pairing. The last one is given again while it is valid, unless <paramref name="refresh"/>.</summary>
    [Alias("request-qr"), ResponseTimeout(Session)]
    Task<PairingAnswer> RequestQr(bool refresh, CancellationToken cancellationToken = default);

    /// <summary>A code to enter on the phone with this number. The last one is given again while it is valid for the same number, unless <paramref name="refresh"/>.</summary>
    /// <param name="phone">Digits with country code.</param>
    [Alias("request-pair-code"), ResponseTimeout(Session)]
    Task<PairingAnswer> RequestPairCode(string phone, bool refresh, CancellationToken cancellationToken = default);

    /// <summary>Links a paired device. Harmless when it is linked.</summary>
    [Alias("connect"), ResponseTimeout(Session)]
    Task<LinkAnswer> Connect(CancellationToken cancellationToken = default);

    /// <summary>Closes the link and keeps the pairing. Queued messages wait. Harmless when there is no link.</summary>
    [Alias("disconnect"), ResponseTimeout(Session)]
    Task<LinkAnswer> Disconnect(CancellationToken cancellationToken = default);

    /// <summary>Removes the pairing, here and at WhatsApp. Needs a live link.</summary>
    [Alias("logout"), ResponseTimeout(Session)]
    Task<LinkAnswer> Logout(CancellationToken cancellationToken = default);

    /// <summary>Removes the device for good. Messages that wait fail; sent ones stay readable. Safe to repeat.</summary>
    [Alias("purge"), ResponseTimeout(Session)]
    Task<LinkAnswer> Purge(CancellationToken cancellationToken = default);

    /// <summary>Takes what happened on the network. When it returns, it is durable. Safe to repeat.</summary>
    [Alias("handle")]
    Task Handle(ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken = default);

    /// <summary>
    /// Somebody has opted out: rejects at once what waits for them, and stops typing to them. Nothing would leave without it either; what is
    /// claimed already is under way. Safe to repeat.
    /// </summary>
    [AlwaysInterleave, Alias("hear-of-opt-out")]
    Task HearOfOptOut(string chatJid, CancellationToken cancellationToken = default);

    /// <summary>
    /// Its silo is about to stop: hands nothing more over, and returns when what is under way has ended and is recorded, or <c>false</c>
    /// when that takes longer than a call may. Messages are still accepted, and leave from wherever the device is activated next. Safe to
    /// repeat.
    /// </summary>
    [AlwaysInterleave, Alias("drain"), ResponseTimeout(Session)]
    Task<bool> Drain(CancellationToken cancellationToken = default);

    /// <summary>Makes sure that the device is at work: links it if it should be linked, and picks up stored messages that it does not know of.</summary>
    [Alias("wake")]
    Task Wake(CancellationToken cancellationToken = default);

    /// <summary>Asks the tenant again for its terms: they have changed. From when this returns, every send goes by the new ones. Safe to repeat.</summary>
    [AlwaysInterleave, Alias("refresh-terms")]
    Task RefreshTerms(CancellationToken cancellationToken = default);
}

/// <summary>What a device is doing.</summary>
/// <param name="Waiting">Messages in its queue, the one in flight included.</param>
/// <param name="QrGeneratedAt">When the QR code that can be scanned now was made; <c>null</c> without one.</param>
[GenerateSerializer, Immutable, Alias("wuts.device-snapshot")]
public sealed record DeviceSnapshot(
    [property: Id(0)] Device Device,
    [property: Id(1)] int Waiting,
    [property: Id(2)] DateTimeOffset? QrGeneratedAt);

/// <summary>The answer to a request for a pairing code.</summary>
[GenerateSerializer, Immutable, Alias("wuts.pairing-answer")]
public abstract record PairingAnswer
{
    private PairingAnswer()
    {
    }

    /// <param name="Cached">Whether it was given before.</param>
    [GenerateSerializer, Immutable, Alias("wuts.pairing-answer.code")]
    public sealed record Code(
        [property: Id(0)] string Value,
        [property: Id(1)] DateTimeOffset GeneratedAt,
        [property: Id(2)] DateTimeOffset ExpiresAt,
        [property: Id(3)] bool Cached) : PairingAnswer;

    [GenerateSerializer, Immutable, Alias("wuts.pairing-answer.already-paired")]
    public sealed record AlreadyPaired : PairingAnswer;

    [GenerateSerializer, Immutable, Alias("wuts.pairing-answer.timed-out")]
    public sealed record TimedOut : PairingAnswer;

    [GenerateSerializer, Immutable, Alias("wuts.pairing-answer.no-such-device")]
    public sealed record NoSuchDevice : PairingAnswer;
}

/// <summary>The answer to a request to change a device's link.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Reason">Why it did not, in words for people.</param>
[GenerateSerializer, Immutable, Alias("wuts.link-answer")]
public sealed record LinkAnswer([property: Id(0)] LinkResult Result, [property: Id(1)] string? Reason = null);

public enum LinkResult
{
    Done,
    NeedsPairing,
    Failed,
    NoSuchDevice,
}
