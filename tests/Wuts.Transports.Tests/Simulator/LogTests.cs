using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Tests.Simulator;

public sealed class LogTests : IAsyncLifetime
{
    private readonly TestNetwork _test = TestNetwork.OnManualClock();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_crash_forgets_no_answered_message_and_its_receipts_go_on()
    {
        var paired = await _test.PairAsync();
        var sent = _test.NewMessage();
        await _test.Network.SendAsync(TestNetwork.Device, sent);

        await using var after = _test.AfterCrash();
        await after.Network.ConnectAsync(TestNetwork.Device, paired.Credentials);
        Assert.IsType<SendEvidence.Taken>(await after.Network.LookUpAsync(TestNetwork.Device, sent.ProviderId));
        Assert.IsType<SendOutcome.Accepted>(await after.Network.SendAsync(TestNetwork.Device, sent));
        after.Clock.Advance(TimeSpan.FromSeconds(1));

        await after.ReceiptAsync(sent.ProviderId, DeliveryStage.Delivered);
        await after.ReceiptAsync(sent.ProviderId, DeliveryStage.Read);
        Assert.Equal(
            [LogKind.Accepted, LogKind.Duplicate, LogKind.Delivered, LogKind.Read], await after.LogOfAsync(sent.ProviderId));
    }

    [Fact]
    public async Task Phones_are_as_they_were_after_a_restart()
    {
        await _test.PairAsync();
        await _test.Network.ChangePhoneAsync(TestNetwork.Other, new PhoneChange { Online = false, Blocks = ["5511999990003"], Name = "Ana" });
        await _test.RestartAsync();

        var phone = _test.Network.FindPhone(TestNetwork.Other)!;
        Assert.Equal((false, true, "Ana"), (phone.State.Online, phone.State.Reads, phone.State.Name));
        Assert.Equal("5511999990003", Assert.Single(phone.State.Blocks));
        Assert.Equal(new LinkedDeviceView("acme/d1", Live: false), Assert.Single(_test.Network.FindPhone(TestNetwork.Own)!.Devices));
    }

    [Theory]
    [InlineData("{\"seq\":99,\"at\":\"2030-01-01T00:00")]
    [InlineData("half a line\n")]
    public async Task A_torn_last_line_is_cut_off(string torn)
    {
        await _test.PairAsync();
        var id = await _test.SendAsync();

        await using var after = _test.AfterCrash(torn);
        Assert.IsType<SendEvidence.Taken>(await after.Network.LookUpAsync(TestNetwork.Device, id));
        await after.Network.CreatePhoneAsync("5511999990077");
        await after.RestartAsync();
        Assert.NotNull(after.Network.FindPhone("5511999990077"));
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_refused_by_its_number()
    {
        await _test.PairAsync();
        await _test.Network.DisposeAsync();
        var lines = File.ReadAllLines(_test.LogPath);
        File.WriteAllLines(_test.LogPath, [.. lines, "not a line", "{}"]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _test.RestartAsync());
        Assert.Contains($"Line {lines.Length + 1} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_belongs_to_one_network_at_a_time() =>
        Assert.Throws<IOException>(() => new TestNetwork(options: _test.Options));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_give_every_line_once_in_order(int size)
    {
        for (var i = 0; i < 600; i++)
        {
            await _test.Network.CreatePhoneAsync($"55119{i:D8}");
        }

        await _test.RestartAsync();
        await _test.Network.CreatePhoneAsync("5511999990002");
        var seen = new List<long>();
        var page = await _test.Network.ReadLogAsync(0, size);
        while (page.Entries.Length > 0)
        {
            Assert.InRange(page.Entries.Length, 1, size);
            seen.AddRange(page.Entries.Select(e => e.Seq));
            page = await _test.Network.ReadLogAsync(page.Next, size);
        }

        Assert.Equal(Enumerable.Range(1, 603).Select(i => (long)i), seen);
        Assert.Equal(603, page.Last);
    }

    [Fact]
    public async Task A_filter_shows_only_what_was_asked_for_and_secrets_are_never_shown()
    {
        var paired = await _test.PairAsync();
        var id = await _test.SendAsync();
        await _test.SendAsync();

        var page = await _test.Network.ReadLogAsync(0, 1000, new LogFilter(LogKind.Accepted, id));
        Assert.Equal(id, Assert.Single(page.Entries).Id);
        Assert.Equal(page.Last, page.Next);
        Assert.All(await _test.LogAsync(), e => Assert.Null(e.Secret));
        Assert.Contains(paired.Credentials, _test.ReadLogFile(), StringComparison.Ordinal);
    }
}
