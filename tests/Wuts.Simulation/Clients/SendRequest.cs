using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Simulation.Clients;

/// <summary>What a client wants sent.</summary>
/// <param name="Key">Its idempotency key; <c>null</c> without one.</param>
/// <param name="RespondAsync">Whether it wants its answer at acceptance.</param>
/// <param name="HangsUpAfter">When it loses interest in the answer.</param>
internal sealed record SendRequest(
    DeviceKey Device, string Phone, string Text, TimeSpan Delay, TimeSpan Typing, string? Key, bool RespondAsync, TimeSpan? HangsUpAfter)
{
    public Category Category { get; init; }

    public string Chat { get; } = Jid.User(Phone);

    public string Payload => $"{Device} {Phone} {Text} {Delay} {Typing} {Category}";
}
