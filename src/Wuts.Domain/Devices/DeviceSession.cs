using Orleans;

namespace Wuts.Domain.Devices;

/// <summary>
/// A device's session and what may become of it. Every method returns the next session, or an equal one when nothing changes.
/// </summary>
[GenerateSerializer, Immutable, Alias("wuts.device-session")]
public sealed record DeviceSession
{
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromMinutes(1);

    [Id(0)] public DeviceState State { get; init; }

    [Id(1)] public DateTimeOffset Since { get; init; }

    /// <summary>The number's JID, once it was paired.</summary>
    [Id(2)] public string? Jid { get; init; }

    /// <summary>What the transport needs to link again without pairing; opaque, and secret.</summary>
    [Id(3)] public string? Credentials { get; init; }

    /// <summary>Whether the owner wants it connected: after a loss it reconnects by itself.</summary>
    [Id(4)] public bool Wanted { get; init; }

    /// <summary>Why it is not connected, in words for people.</summary>
    [Id(5)] public string? Reason { get; init; }

    /// <summary>Failed attempts to connect since it was last connected.</summary>
    [Id(6)] public int Failures { get; init; }

    /// <summary>When a ban ends; <c>null</c> for none, and for one without an end.</summary>
    [Id(7)] public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>When it was last seen connected.</summary>
    [Id(8)] public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>When it was paired last, by the network's clock. Stays when the pairing is removed.</summary>
    [Id(9)] public DateTimeOffset? PairedAt { get; init; }

    public static DeviceSession New(DateTimeOffset at) => new() { State = DeviceState.Disconnected, Since = at };

    public bool IsPaired => Credentials is not null;

    public bool IsConnected => State == DeviceState.Connected;

    public bool IsPairing => State is DeviceState.QrPending or DeviceState.PairCodePending;

    /// <summary>Whether it should be linked now, with what it has.</summary>
    public bool ShouldConnect(DateTimeOffset now) =>
        Wanted && IsPaired && (State is DeviceState.Disconnected or DeviceState.Connecting || (State == DeviceState.Banned && BannedUntil <= now));

    public DeviceSession QrShown(DateTimeOffset now) => Move(DeviceState.QrPending, now) with { Wanted = true };

    public DeviceSession PairCodeShown(DateTimeOffset now) => Move(DeviceState.PairCodePending, now) with { Wanted = true };

    public DeviceSession PairingEnded(DateTimeOffset now, string reason) => IsPairing ? Move(DeviceState.Disconnected, now, reason) : this;

    /// <summary>A phone accepted the pairing. Word of an earlier pairing than the last one changes nothing: its credentials are worth nothing any more.</summary>
    public DeviceSession Paired(string jid, string credentials, DateTimeOffset at) => at <= PairedAt
        ? this
        : Move(DeviceState.Connecting, at) with { Jid = jid, Credentials = credentials, Wanted = true, Failures = 0, BannedUntil = null, PairedAt = at };

    public DeviceSession Connecting(DateTimeOffset now) => Move(DeviceState.Connecting, now, Reason) with { Wanted = true };

    public DeviceSession Connected(DateTimeOffset now) =>
        !IsPaired ? this : (IsConnected ? this : Move(DeviceState.Connected, now)) with { Failures = 0, BannedUntil = null, LastSeenAt = now };

    /// <summary>The link broke, or an attempt to make it failed. It stays wanted.</summary>
    public DeviceSession Lost(DateTimeOffset now, string reason) =>
        State is DeviceState.LoggedOut or DeviceState.Banned or DeviceState.Paused || IsPairing
            ? this
            : Move(DeviceState.Disconnected, now, reason) with { Failures = Failures + 1, LastSeenAt = IsConnected ? now : LastSeenAt };

    /// <summary>The owner closed it. It keeps its credentials.</summary>
    public DeviceSession Closed(DateTimeOffset now) =>
        (State is DeviceState.LoggedOut or DeviceState.Banned ? this : Move(DeviceState.Disconnected, now, "disconnected by its owner"))
            with { Wanted = false, LastSeenAt = IsConnected ? now : LastSeenAt };

    /// <summary>The link was removed: its credentials are worth nothing any more.</summary>
    public DeviceSession LoggedOut(DateTimeOffset now, string reason) =>
        Move(DeviceState.LoggedOut, now, reason) with { Credentials = null, Wanted = false, LastSeenAt = IsConnected ? now : LastSeenAt };

    public DeviceSession Banned(DateTimeOffset now, DateTimeOffset? until, string reason) =>
        Move(DeviceState.Banned, now, reason) with { BannedUntil = until, LastSeenAt = IsConnected ? now : LastSeenAt };

    /// <summary>How long to wait before the next attempt to connect: it doubles with each failure, up to a minute, with full jitter on its upper half.</summary>
    /// <param name="jitter">0 to 1, chosen by the caller.</param>
    public TimeSpan ReconnectDelay(double jitter)
    {
        if (Failures == 0)
        {
            return TimeSpan.Zero;
        }

        var ceiling = FirstReconnect * Math.Pow(2, Math.Min(Failures - 1, 16));
        var wait = ceiling < LongestReconnect ? ceiling : LongestReconnect;
        return wait / 2 + wait / 2 * jitter;
    }

    private DeviceSession Move(DeviceState state, DateTimeOffset now, string? reason = null) =>
        this with { State = state, Since = state == State ? Since : now, Reason = reason };
}
