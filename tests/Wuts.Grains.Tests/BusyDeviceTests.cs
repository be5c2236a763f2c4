using Wuts.Domain.Sending;

namespace Wuts.Grains.Tests;

/// <summary>A device that its silo takes out of memory while it has more to send, as when another silo died that knew where it is.</summary>
public sealed class BusyDeviceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _others = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync()
    {
        _first.TrySetResult();
        _others.TrySetResult();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task It_ends_with_the_message_under_way_and_goes_on_where_it_is_called_next()
    {
        var (key, device) = await _cluster.NewDevice();
        _cluster.Transport.Answer(key, async message =>
        {
            await (message.Content is TextContent { Text: "first" } ? _first : _others).Task;
            return _cluster.Transport.Taken(message);
        });
        foreach (var text in (string[])["first", "second", "third"])
        {
            await device.Send(_cluster.Command(text));
        }

        await _cluster.Transport.NextSent();
        var gone = _cluster.Deactivate(device);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1)); // as long as a tick of the pump goes on
        _first.SetResult();

        await gone.WaitAsync(Patience);
        Assert.True(_cluster.Transport.NothingSent);
        Assert.Equal(2, (await device.GetSnapshot().WaitAsync(Patience))!.Waiting);
        Assert.Equal("second", ((TextContent)(await _cluster.Transport.NextSent()).Content).Text);
    }
}
