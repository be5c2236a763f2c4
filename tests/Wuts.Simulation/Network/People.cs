using Wuts.Domain.Devices;

namespace Wuts.Simulation.Network;

/// <summary>
/// How people take what numbers send them, and when the network bans a number for it: what a world may ask for. Each chance is a
/// kind of fault of its own, so that half of the seeds that ask have it, and a shrunk run may leave it out.
/// </summary>
/// <param name="Blocks">Share of messages to strangers whose recipient blocks the number from then on.</param>
/// <param name="Replies">Share of messages whose recipient writes back.</param>
/// <param name="ReplyText">What those write.</param>
/// <param name="StrangersADay">A number that writes to more people who never wrote to it, within 24 hours, is banned; <c>null</c> for never.</param>
/// <param name="BanTime">For how long. Strangers are counted anew after it.</param>
public sealed record People(double Blocks = 0, double Replies = 0, string ReplyText = "STOP", int? StrangersADay = null, TimeSpan BanTime = default);

/// <summary>Something that people or the network did about a number.</summary>
public abstract record Conduct(DateTimeOffset At, DeviceKey Device)
{
    /// <param name="Chat">Who: nothing that comes later reaches them.</param>
    public sealed record Blocked(DateTimeOffset At, DeviceKey Device, string Chat) : Conduct(At, Device);

    /// <summary>Somebody wrote to it. When it was told is in <see cref="WhatsApp.Received"/>, by the id.</summary>
    public sealed record Wrote(DateTimeOffset At, DeviceKey Device, string Chat, string Id, string Text) : Conduct(At, Device);

    public sealed record Rated(DateTimeOffset At, DeviceKey Device, QualityRating Rating) : Conduct(At, Device);

    /// <param name="Remaining">How many new chats it may open yet.</param>
    public sealed record Restricted(DateTimeOffset At, DeviceKey Device, RestrictionKind Kind, DateTimeOffset Until, int Remaining) : Conduct(At, Device);

    public sealed record Banned(DateTimeOffset At, DeviceKey Device, DateTimeOffset Until) : Conduct(At, Device);

    /// <summary>A send was refused, because it was to a stranger and the number was restricted.</summary>
    public sealed record Refused(DateTimeOffset At, DeviceKey Device, string Chat, string Id, RestrictionKind Kind) : Conduct(At, Device);
}
