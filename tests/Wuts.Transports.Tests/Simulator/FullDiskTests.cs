using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Tests.Simulator;

public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly SmallDisk _disk = SmallDisk.Mount();

    public void Dispose() => _disk.Dispose();

    [SmallDiskFact]
    public async Task What_cannot_be_written_waits_and_goes_on_when_there_is_room_again()
    {
        await using var test = NewNetwork();
        var paired = await test.PairAsync();
        _disk.Fill();
        var message = NewMessage();
        var send = test.Network.SendAsync(TestNetwork.Device, message);
        await test.Clock.TimerArmed(Retry);
        test.Clock.Advance(Retry); // in vain
        await test.Clock.TimerArmed(Retry);
        var lookUp = test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId);
        Assert.False(send.IsCompleted || lookUp.IsCompleted);

        _disk.Free();
        test.Clock.Advance(Retry);
        Assert.IsType<SendOutcome.Accepted>(await send);
        Assert.IsType<SendEvidence.Taken>(await lookUp);
        await test.ReceiptAsync(message.ProviderId, DeliveryStage.Read);
        await test.RestartAsync();
        Assert.IsType<ConnectOutcome.Connected>(await test.Network.ConnectAsync(TestNetwork.Device, paired.Credentials));
        Assert.Equal([LogKind.Accepted, LogKind.Delivered, LogKind.Read], await test.LogOfAsync(message.ProviderId));
    }

    [SmallDiskFact]
    public async Task A_network_that_closes_on_a_full_disk_has_answered_nothing_that_it_forgets()
    {
        await using var test = NewNetwork();
        await test.PairAsync();
        _disk.Fill();
        var message = NewMessage();
        var send = test.Network.SendAsync(TestNetwork.Device, message);
        await test.Clock.TimerArmed(Retry);
        await test.Network.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => send);
        _disk.Free();
        await test.RestartAsync();
        Assert.IsType<SendEvidence.NotTaken>(await test.Network.LookUpAsync(TestNetwork.Device, message.ProviderId));
    }

    private TestNetwork NewNetwork() => new(options: new SimulatorOptions
    {
        Folder = Path.Combine(_disk.Folder, "simulator"),
        Faults = TestNetwork.Timed,
    });

    // Longer than what may be left of the last page of the file.
    private static OutboundMessage NewMessage() =>
        new("3EB0FF", Jid.User(TestNetwork.Other), new TextContent(new string('ã', TextContent.MaxLength), []));
}
