using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Simulation.World;
using Wuts.Transports;

namespace Wuts.Simulation.Network;

/// <summary>
/// A WhatsApp that keeps its own log and knows nothing of ours. It takes what it is handed each time, also under an id that it has
/// seen: a doubled message shows. A number has one link, to the silo that linked it last.
/// </summary>
/// <remarks>Everything in it runs in its own node; silos reach it through <see cref="SimulatedTransport"/>.</remarks>
public sealed partial class WhatsApp(SimulatedNode node, FaultPlan faults, Random chance, Journal journal)
{
    private static readonly Failure Throttled = new("throttled", FailureClass.Transient, Retryable: true, "Slow down.");
    private static readonly Failure NotOnWhatsApp = new("not_on_whatsapp", FailureClass.Recipient, Retryable: false, "The number is not on WhatsApp.");

    private readonly Dictionary<DeviceKey, Account> _accounts = [];
    private readonly List<Taken> _taken = [];
    private int _pairings;

    public SimulatedNode Node => node;

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<Taken> Log => _taken;

    /// <summary>Told of each message it takes.</summary>
    public Action<Taken> OnTaken { get; set; } = static _ => { };

    /// <summary>A number that is paired with a device. Returns the credentials.</summary>
    public string Pair(DeviceKey device)
    {
        var account = AccountOf(device);
        return account.Credentials = $"credentials {++_pairings}";
    }

    public string JidOf(DeviceKey device) => AccountOf(device).Jid;

    public Task<SendOutcome> SendAsync(SimulatedNode silo, DeviceKey device, OutboundMessage message) => node.Run(async () =>
    {
        var account = AccountOf(device);
        var (began, link) = (node.Clock.GetUtcNow(), account.Link);
        if (!account.IsLinkedTo(silo))
        {
            return new SendOutcome.NotConnected();
        }

        if (faults.Strikes("send-breaks-before", 0.02))
        {
            Unlink(account, "broken");
            throw new IOException("The simulated link broke.");
        }

        account.UnderWay.Add(message.ProviderId);
        try
        {
            await (faults.Strikes("send-late", 0.01) ? Wait(60, 300) : Wait(0.002, 0.08));
            if (account.Link != link)
            {
                return chance.Next(2) == 0 ? new SendOutcome.NotConnected() : throw new IOException("The simulated link was replaced.");
            }

            return Refuse() ?? RefuseStranger(account, message) ?? await Take(account, message, began);
        }
        finally
        {
            account.UnderWay.Remove(message.ProviderId);
        }
    });

    public Task<SendEvidence> LookUpAsync(SimulatedNode silo, DeviceKey device, string id) => node.Run(async () =>
    {
        await Wait(0.002, 0.08);
        var account = AccountOf(device);
        if (faults.Strikes("look-up-hangs", 0.1))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, node.Clock);
        }

        if (faults.Strikes("look-up-fails", 0.1))
        {
            throw new IOException("The simulated link broke.");
        }

        return !account.IsLinkedTo(silo) || account.UnderWay.Contains(id) || faults.Strikes("look-up-silent", 0.3) ? new SendEvidence.Silent()
            : _taken.FindLast(t => t.Id == id) is { } taken ? new SendEvidence.Taken(taken.At)
            : (SendEvidence)new SendEvidence.NotTaken();
    });

    private SendOutcome.Refused? Refuse() =>
        faults.Strikes("send-throttled", 0.05) ? new SendOutcome.Refused(Throttled, chance.Next(2) == 0 ? null : TimeSpan.FromSeconds(chance.Next(1, 30)))
        : faults.Strikes("send-refused", 0.02) ? new SendOutcome.Refused(NotOnWhatsApp)
        : null;

    private async Task<SendOutcome> Take(Account account, OutboundMessage message, DateTimeOffset began)
    {
        var taken = new Taken(began, node.Clock.GetUtcNow(), account.Device, message.ChatJid, message.ProviderId);
        _taken.Add(taken);
        journal.Write("network", $"took {message.ProviderId} from {account.Device}");
        OnTaken(taken);
        Tell(taken, isHeard: Mind(taken));
        if (faults.Strikes("send-swallowed", 0.02))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, node.Clock);
        }

        if (faults.Strikes("send-breaks-after", 0.02))
        {
            Unlink(account, "broken");
            throw new IOException("The simulated link broke.");
        }

        await Wait(0.002, 0.08);
        taken.Until = node.Clock.GetUtcNow();
        return new SendOutcome.Accepted(taken.Id, taken.At);
    }

    private Account AccountOf(DeviceKey device) =>
        _accounts.TryGetValue(device, out var account) ? account : _accounts[device] = new(device, $"55119{_accounts.Count:00000000}@s.whatsapp.net");

    private Task Wait(double fromSeconds, double toSeconds) =>
        Task.Delay(TimeSpan.FromSeconds(fromSeconds + (chance.NextDouble() * (toSeconds - fromSeconds))), node.Clock);

    /// <summary>A message it took.</summary>
    /// <param name="From">When it began to come.</param>
    public sealed record Taken(DateTimeOffset From, DateTimeOffset At, DeviceKey Device, string Chat, string Id)
    {
        /// <summary>When its sender had the answer; <c>null</c> if it never had one.</summary>
        public DateTimeOffset? Until { get; set; }
    }

    private sealed record Account(DeviceKey Device, string Jid)
    {
        public string? Credentials { get; set; }

        public DateTimeOffset? BannedUntil { get; set; }

        /// <summary>Counts the links; <see cref="Owner"/> is who has the last one, if it stands.</summary>
        public int Link { get; set; }

        public SimulatedNode? Owner { get; set; }

        public HashSet<string> UnderWay { get; } = [];

        /// <summary>Who ever wrote to it: all others are strangers.</summary>
        public HashSet<string> Writers { get; } = [];

        /// <summary>To whom it ever wrote.</summary>
        public HashSet<string> Chats { get; } = [];

        public HashSet<string> Blockers { get; } = [];

        /// <summary>When it last wrote to each stranger, since its last ban for eagerness.</summary>
        public Dictionary<string, DateTimeOffset> Strangers { get; } = [];

        public Dictionary<RestrictionKind, Limit> Limits { get; } = [];

        public bool IsLinkedTo(SimulatedNode silo) => Owner == silo;
    }
}
