using System.Collections.Immutable;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Simulator.Remote;

// What silos ask of the network, one body a method of the transport. They hold credentials and texts: never log one.

internal sealed record ConnectBody(DeviceKey Device, string Connection, string Credentials);

/// <summary>To disconnect, to log out, or to ask for a QR code.</summary>
internal sealed record DeviceBody(DeviceKey Device, string Connection);

internal sealed record PairCodeBody(DeviceKey Device, string Connection, string Phone);

internal sealed record TypingBody(DeviceKey Device, string Connection, string ChatJid, bool Typing);

internal sealed record SendBody(DeviceKey Device, string Connection, string ProviderId, string ChatJid, MessageContent Content);

internal sealed record LookUpBody(DeviceKey Device, string ProviderId);

/// <param name="Removed">Whether there was a live link, and so the pairing was removed.</param>
internal sealed record LogoutAnswer(bool Removed);

/// <summary>Nothing to tell.</summary>
internal sealed record DoneAnswer;

/// <summary>What the network brings to a gateway: events of one device.</summary>
internal sealed record EventsBody(DeviceKey Device, ImmutableArray<DeviceEvent> Events);
