using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Delivery;
using Wuts.Grains.Devices;
using Wuts.Storage;
using Wuts.Testing;

namespace Wuts.Api.Tests.Scripted;

public sealed class HeldRequestTests : IAsyncLifetime
{
    private static readonly object Hello = new { number = Samples.Number, text = "hello" };
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(20);

    private readonly ManualTimeProvider _clock = new(Samples.T0);
    private FrontEnd _frontEnd = null!;
    private Message _message = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync(_clock);
        await _frontEnd.AddDevice("user", "device-1");
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(_message = Samples.Dispatching(device, command), worthWaiting: true);
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task The_answer_waits_for_the_dispatch_in_slices()
    {
        var slices = new List<TimeSpan>();
        _frontEnd.Grains.Wait = (slice, _) =>
        {
            slices.Add(slice);
            _clock.Advance(slice);
            return Task.FromResult<Message?>(slices.Count < 3 ? _message : Samples.Ended(_message, new DispatchOutcome.Accepted(_message.Envelope.Id, Samples.T0)));
        };

        (await Send()).Is(HttpStatusCode.OK);

        Assert.Equal([Slice, Slice, Slice], slices);
    }

    [Fact]
    public async Task When_patience_is_over_the_answer_is_202()
    {
        var slices = new List<TimeSpan>();
        _frontEnd.Grains.Wait = (slice, _) =>
        {
            slices.Add(slice);
            _clock.Advance(slice);
            return Task.FromResult<Message?>(_message);
        };

        Assert.Equal("queued", (await Send()).Is(HttpStatusCode.Accepted).Text("status"));

        Assert.Equal(TimeSpan.FromSeconds(110), slices.Aggregate((a, b) => a + b));
        Assert.Equal(TimeSpan.FromSeconds(10), slices[^1]);
    }

    [Fact]
    public async Task What_cannot_leave_in_time_is_answered_at_once()
    {
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(Samples.Queued(device, command), worthWaiting: false);
        _frontEnd.Grains.Wait = (_, _) => throw new InvalidOperationException("Nobody should wait.");

        (await Send()).Is(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("respond-async", 0, true, "respond-async")]
    [InlineData("Respond-Async", 0, true, "respond-async")]
    [InlineData("respond-async, wait=10", 10, true, "respond-async")]
    [InlineData("wait=10", 10, false, null)]
    [InlineData("wait=\"7\"; a=b", 7, false, null)]
    [InlineData("wait=500", 110, false, null)]
    [InlineData("wait=soon, return=minimal", 110, false, null)]
    public async Task Preferences_shorten_the_wait(string prefer, int patience, bool queueWhenNotReady, string? applied)
    {
        SendCommand? seen = null;
        _frontEnd.Grains.Send = (device, command) => Samples.Answer(Samples.Queued(device, seen = command), worthWaiting: false);

        var reply = await Send(("Prefer", prefer));

        Assert.Equal((TimeSpan.FromSeconds(patience), queueWhenNotReady), (seen!.Patience, seen.QueueWhenNotReady));
        Assert.Equal(TimeSpan.FromSeconds(Math.Min(patience, 20)), seen.Hold);
        Assert.Equal(applied, reply.Is(HttpStatusCode.Accepted).Header("Preference-Applied"));
    }

    [Fact]
    public async Task An_outage_while_waiting_takes_nothing_back()
    {
        var calls = 0;
        _frontEnd.Grains.Wait = (_, _) => ++calls switch
        {
            1 => throw new StorageUnavailableException("away"),
            2 => throw new TimeoutException(),
            _ => Task.FromResult<Message?>(Samples.Ended(_message, new DispatchOutcome.Accepted(_message.Envelope.Id, Samples.T0))),
        };

        var reply = Send();
        for (var pause = 0; pause < 2; pause++)
        {
            await _clock.TimerArmed(TimeSpan.FromMilliseconds(250));
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        (await reply).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_that_stops_answers_202_to_those_who_wait()
    {
        var waiting = new TaskCompletionSource();
        _frontEnd.Grains.Wait = async (_, enough) =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, enough);
            return null;
        };

        var reply = Send();
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await _frontEnd.StopAsync();

        (await reply).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_the_waiting_and_not_the_acceptance()
    {
        var waiting = new TaskCompletionSource();
        var waited = new TaskCompletionSource<bool>();
        _frontEnd.Grains.Send = (device, command) =>
            Task.FromResult<SendAnswer>(Samples.Accepted(_message = Samples.Dispatching(device, command), worthWaiting: true));
        _frontEnd.Grains.Wait = async (_, enough) =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            waited.SetResult(enough.IsCancellationRequested);
            return _message;
        };

        using var hangUp = new CancellationTokenSource();
        var reply = _frontEnd.As(FrontEnd.User).Send(
            HttpMethod.Post, "/send/text", ApiClient.Json("""{"number":"5511999990001","text":"hi"}"""), cancellationToken: hangUp.Token);
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        Assert.True(await waited.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(_frontEnd.Logs.All);
    }

    private Task<Reply> Send(params (string, string)[] headers) => _frontEnd.As(FrontEnd.User).Post("/send/text", Hello, headers);
}
