using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Tests.Contract;

namespace Wuts.Transports.Tests.Simulator;

/// <summary>The network in a process of its own keeps the same promises.</summary>
public sealed class RemoteContractTests : TransportContract
{
    private SplitNetwork _split = null!;
    private IDeviceTransport _silo = null!;
    private ISimulatedPhones _phones = null!;

    protected override IDeviceTransport Transport => _silo;

    public override async Task InitializeAsync()
    {
        _split = await SplitNetwork.StartAsync(Sink);
        _silo = _split.NewSilo();
        _phones = _split.NewPhones();
        await _phones.CreateAsync(Own, default);
    }

    public override async Task DisposeAsync() => await _split.DisposeAsync();

    protected override async Task ScanAsync(string phone, string qrCode)
    {
        if (!await _phones.ScanAsync(phone, qrCode, default))
        {
            throw new InvalidOperationException("The phone was refused.");
        }
    }

    protected override async Task EnterPairCodeAsync(string phone, string code) =>
        Assert.IsType<PhoneOutcome.Paired>(await _split.Network.EnterPairCodeAsync(phone, code));

    protected override async Task WriteAsync(string phone, string to, string text) =>
        Assert.IsType<PhoneOutcome.Written>(await _split.Network.WriteAsync(phone, to, text));

    protected override Task BlockAsync(string phone, string blocked) =>
        _split.Network.ChangePhoneAsync(phone, new PhoneChange { Blocks = [blocked] });

    protected override Task RestrictAsync(string number, DateTimeOffset until) =>
        _split.Network.ChangePhoneAsync(number, new PhoneChange { ReachOutUntil = until });

    protected override Task<int> CountMessagesAsync(string phone, string id) =>
        Task.FromResult(_split.Network.FindPhone(phone)!.Messages.Count(m => m.Id == id));
}
