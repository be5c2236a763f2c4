using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Storage.Sql;

namespace Wuts.Testing.Memory;

/// <summary>
/// Values as they come back from a database: times in whole microseconds of UTC, durations in whole milliseconds, content through
/// its JSON. A program that relies on more than that would fail only in production.
/// </summary>
internal static class StoredForm
{
    /// <summary>The order of ids and names in both databases: byte by byte.</summary>
    public static Comparer<DeviceKey> DeviceOrder { get; } = Comparer<DeviceKey>.Create(static (a, b) =>
        string.CompareOrdinal(a.TenantId, b.TenantId) is not 0 and var byTenant ? byTenant : string.CompareOrdinal(a.DeviceId, b.DeviceId));

    public static DateTimeOffset AsStored(this DateTimeOffset time) =>
        DateTimeOffset.UnixEpoch.AddTicks((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? AsStored(this DateTimeOffset? time) => time?.AsStored();

    public static TimeSpan AsStored(this TimeSpan duration) => TimeSpan.FromMilliseconds((int)duration.TotalMilliseconds);

    public static Message AsStored(this Message message) => message with
    {
        Envelope = message.Envelope with
        {
            Content = StoredJson.Read<MessageContent>(StoredJson.Write(message.Envelope.Content)),
            AcceptedAt = message.Envelope.AcceptedAt.AsStored(),
            DueAt = message.Envelope.DueAt.AsStored(),
            Typing = message.Envelope.Typing.AsStored(),
        },
        NotBefore = message.NotBefore.AsStored(),
        Delivery = message.Delivery.AsStored(),
        UncertainAt = message.UncertainAt.AsStored(),
        OverdueAt = message.OverdueAt.AsStored(),
    };

    /// <summary>A stored message after an update, which never touches what was accepted.</summary>
    public static Message UpdatedTo(this Message stored, Message next) => stored with
    {
        Version = next.Version,
        Epoch = next.Epoch,
        Attempt = next.Attempt,
        Dispatch = next.Dispatch,
        NotBefore = next.NotBefore.AsStored(),
        ProviderId = next.ProviderId,
        Delivery = next.Delivery.AsStored(),
        LastFailure = next.LastFailure,
        UncertainAt = next.UncertainAt.AsStored(),
        OverdueAt = next.OverdueAt.AsStored(),
        Hold = next.Hold,
    };

    public static DeviceSession AsStored(this DeviceSession session, string? protectedCredentials) => session with
    {
        Since = session.Since.AsStored(),
        Credentials = protectedCredentials,
        BannedUntil = session.BannedUntil.AsStored(),
        LastSeenAt = session.LastSeenAt.AsStored(),
        PairedAt = session.PairedAt.AsStored(),
    };

    public static Contact AsStored(this Contact contact) => contact with { FirstAt = contact.FirstAt.AsStored(), PlannedAt = contact.PlannedAt.AsStored() };

    private static MessageDelivery AsStored(this MessageDelivery delivery) => delivery with
    {
        SentAt = delivery.SentAt.AsStored(),
        FailedAt = delivery.FailedAt.AsStored(),
        DeliveredAt = delivery.DeliveredAt.AsStored(),
        ReadAt = delivery.ReadAt.AsStored(),
        PlayedAt = delivery.PlayedAt.AsStored(),
    };
}
