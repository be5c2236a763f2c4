using Microsoft.Extensions.Logging.Abstractions;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Testing;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>A network in a folder of its own. Without a clock given, its time is manual and all its latencies are zero but the receipts'.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    public const string LogName = "network.log.jsonl";
    public const string Own = "5511999990001";
    public const string Other = "5511999990002";

    public static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(200);
    public static readonly DeviceKey Device = new("acme", "d1");

    private readonly TimeProvider _clock;
    private int _messages;
    private int _fences;

    public TestNetwork(TimeProvider? clock = null, RecordingSink? sink = null, SimulatorOptions? options = null, bool deliver = true)
    {
        Clock = clock as ManualTimeProvider ?? new ManualTimeProvider();
        _clock = clock ?? Clock;
        Sink = sink ?? new RecordingSink();
        Options = options ?? NewOptions(clock is null or ManualTimeProvider ? Timed : NetworkFaults.Instant);
        Network = Open(deliver);
    }

    public static NetworkFaults Timed { get; } = NetworkFaults.Instant with
    {
        ReceiptLatencyMs = LatencyRange.Of((int)Delivery.TotalMilliseconds, (int)Delivery.TotalMilliseconds),
        ReadLatencyMs = LatencyRange.Of((int)Reading.TotalMilliseconds, (int)Reading.TotalMilliseconds),
    };

    public ManualTimeProvider Clock { get; }

    public SimulatorOptions Options { get; }

    public RecordingSink Sink { get; private set; }

    public SimulatedNetwork Network { get; private set; }

    public SimulatorTransport Transport => new(Network);

    public string LogPath => Path.Combine(Options.Folder, LogName);

    public static TestNetwork OnManualClock() => new();

    /// <summary>An instant network on the system's clock.</summary>
    public static TestNetwork OnSystemClock(RecordingSink sink) => new(TimeProvider.System, sink);

    public static SimulatorOptions NewOptions(NetworkFaults faults) =>
        new() { Folder = Path.Combine(Path.GetTempPath(), $"wuts-simulator-{Guid.NewGuid():N}"), Faults = faults };

    /// <summary>Closes the network and opens it again over its folder, with a new sink.</summary>
    public async Task RestartAsync(bool deliver = true)
    {
        await Network.DisposeAsync();
        Sink = new RecordingSink();
        Network = Open(deliver);
    }

    /// <summary>Copies the log as it is now, which is what a crash would leave, into a network of its own.</summary>
    public TestNetwork AfterCrash(string tornEnd = "")
    {
        var options = NewOptions(Options.Faults);
        Directory.CreateDirectory(options.Folder);
        File.WriteAllText(Path.Combine(options.Folder, LogName), ReadLogFile() + tornEnd);
        return new TestNetwork(Clock, options: options);
    }

    public string ReadLogFile()
    {
        using var file = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }

    public async Task<DeviceEvent.Paired> PairAsync(DeviceKey? device = null, string number = Own)
    {
        var ticket = await Network.ShowQrAsync(device ?? Device);
        Assert.IsType<PhoneOutcome.Paired>(await Network.ScanAsync(number, ticket.Code));
        return await Sink.NextAsync<DeviceEvent.Paired>(device: device ?? Device);
    }

    public OutboundMessage NewMessage(string to = Other) => new($"3EB0{++_messages:X20}", Jid.User(to), new TextContent("hello", []));

    public async Task<string> SendAsync(string to = Other)
    {
        var message = NewMessage(to);
        Assert.IsType<SendOutcome.Accepted>(await Network.SendAsync(Device, message));
        return message.ProviderId;
    }

    public async Task<DeliveryEvent> ReceiptAsync(string id, DeliveryStage stage) =>
        (await Sink.NextAsync<DeviceEvent.Receipt>(r => r.ProviderId == id && r.Event.Stage == stage)).Event;

    /// <summary>Waits until everything that is on its way to the device now has come.</summary>
    public async Task FenceAsync()
    {
        var text = $"fence {++_fences}";
        await Network.WriteAsync("5511999990099", Own, text);
        await Sink.NextAsync<DeviceEvent.MessageReceived>(m => m.Message.Text == text, Device);
    }

    /// <summary>All lines of the log but those about acknowledging, whose place depends on the threads.</summary>
    public async Task<List<LogEntry>> LogAsync()
    {
        var all = new List<LogEntry>();
        var page = await Network.ReadLogAsync(0, 1000);
        while (page.Entries.Length > 0)
        {
            all.AddRange(page.Entries);
            page = await Network.ReadLogAsync(page.Next, 1000);
        }

        all.RemoveAll(e => e.Kind == LogKind.Acked);
        return all;
    }

    public async Task<List<LogKind>> LogOfAsync(string id) => [.. (await LogAsync()).Where(e => e.Id == id).Select(e => e.Kind)];

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        Directory.Delete(Options.Folder, recursive: true);
    }

    private SimulatedNetwork Open(bool deliver)
    {
        var network = new SimulatedNetwork(Options, _clock, NullLogger<SimulatedNetwork>.Instance);
        if (deliver)
        {
            network.DeliverTo(Sink);
        }

        return network;
    }
}
