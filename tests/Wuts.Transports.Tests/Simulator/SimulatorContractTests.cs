using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Tests.Contract;

namespace Wuts.Transports.Tests.Simulator;

public sealed class SimulatorContractTests : TransportContract
{
    private TestNetwork _test = null!;

    protected override IDeviceTransport Transport => _test.Transport;

    public override Task InitializeAsync()
    {
        _test = TestNetwork.OnSystemClock(Sink);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync() => await _test.DisposeAsync();

    protected override async Task ScanAsync(string phone, string qrCode) => Check(await _test.Network.ScanAsync(phone, qrCode));

    protected override async Task EnterPairCodeAsync(string phone, string code) => Check(await _test.Network.EnterPairCodeAsync(phone, code));

    protected override async Task WriteAsync(string phone, string to, string text) => Check(await _test.Network.WriteAsync(phone, to, text));

    protected override Task BlockAsync(string phone, string blocked) =>
        _test.Network.ChangePhoneAsync(phone, new PhoneChange { Blocks = [blocked] });

    protected override Task RestrictAsync(string number, DateTimeOffset until) =>
        _test.Network.ChangePhoneAsync(number, new PhoneChange { ReachOutUntil = until });

    protected override Task<int> CountMessagesAsync(string phone, string id) =>
        Task.FromResult(_test.Network.FindPhone(phone)!.Messages.Count(m => m.Id == id));

    private static void Check(PhoneOutcome outcome)
    {
        if (outcome is PhoneOutcome.Refused refused)
        {
            throw new InvalidOperationException(refused.Explanation);
        }
    }
}
