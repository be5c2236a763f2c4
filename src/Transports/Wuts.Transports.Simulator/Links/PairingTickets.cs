using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Links;

internal enum TicketState
{
    Open,
    Used,
    Expired,
    Replaced,
}

/// <summary>A pairing code that was given out.</summary>
/// <param name="number">For a pair code the number it is for; <c>null</c> for a QR code.</param>
/// <param name="connection">Who asked for it, and will own the link; <c>null</c> for this process.</param>
internal sealed class Ticket(string code, DeviceKey device, string? number, string? connection, DateTimeOffset expiresAt)
{
    public string Code { get; } = code;

    public DeviceKey Device { get; } = device;

    public string? Number { get; } = number;

    public string? Connection { get; } = connection;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public TicketState State { get; set; }
}

/// <summary>The codes given out, one open for a device. Closed ones are remembered for a while, to say what became of them.</summary>
internal sealed class PairingTickets
{
    private const int ClosedKept = 1000;

    private readonly Dictionary<string, Ticket> _byCode = [];
    private readonly Dictionary<DeviceKey, Ticket> _open = [];
    private readonly Queue<Ticket> _closed = [];

    public IEnumerable<Ticket> Open => _open.Values;

    public Ticket? Find(string code) => _byCode.GetValueOrDefault(code);

    public Ticket? FindOpen(DeviceKey device) => _open.GetValueOrDefault(device);

    public void Add(Ticket ticket)
    {
        Close(ticket.Device, TicketState.Replaced);
        _byCode[ticket.Code] = ticket;
        _open[ticket.Device] = ticket;
    }

    public void Close(DeviceKey device, TicketState state)
    {
        if (!_open.Remove(device, out var ticket))
        {
            return;
        }

        ticket.State = state;
        _closed.Enqueue(ticket);
        if (_closed.Count > ClosedKept)
        {
            _byCode.Remove(_closed.Dequeue().Code);
        }
    }
}
