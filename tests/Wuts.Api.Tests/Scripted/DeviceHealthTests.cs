using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Grains.Pacing;
using Wuts.Testing;

namespace Wuts.Api.Tests.Scripted;

public sealed class DeviceHealthTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(Samples.T0);
    private FrontEnd _frontEnd = null!;
    private ApiClient _user = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync(_clock);
        _user = _frontEnd.As(FrontEnd.User);
        await _frontEnd.AddDevice("user", "device-1");
        _frontEnd.Grains.Health = Snapshot();
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task Health_tells_the_score_the_pace_and_why()
    {
        var reply = (await _user.Get("/devices/device-1/health")).Is(HttpStatusCode.OK);

        Assert.Equal(
            ["success", "device_id", "status", "score", "health", "rating", "pace", "signals", "advice", "restrictions", "warm_up"], reply.Names());
        Assert.Equal(("device-1", "fair", "yellow", 75), (reply.Text("device_id"), reply.Text("health"), reply.Text("rating"), reply["score"].GetInt32()));
        Assert.Equal((2400, 4800, 6), (reply["pace.per_minute"].GetDouble(), reply["pace.ceiling_per_minute"].GetDouble(), reply["pace.floor_per_minute"].GetDouble()));
        var change = reply["pace.changes"][0];
        Assert.Equal("quality", change.GetProperty("signal").GetString());
        Assert.Equal((4800, 2400), (change.GetProperty("before_per_minute").GetDouble(), change.GetProperty("after_per_minute").GetDouble()));
        Assert.Equal("reach_out", reply["restrictions"][0].GetProperty("kind").GetString());
        Assert.Contains("yellow", reply["advice"][0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_warm_up_tells_today_and_what_is_planned()
    {
        var reply = (await _user.Get("/devices/device-1/warm-up")).Is(HttpStatusCode.OK);

        Assert.Equal(("running", 1, 250, 250), (
            reply.Text("warm_up.state"), reply["warm_up.day"].GetInt32(), reply["warm_up.allowed_today"].GetInt32(), reply["warm_up.used_today"].GetInt32()));
        Assert.Equal("2030-01-08", reply.Text("warm_up.ends_on"));
        var ahead = reply["warm_up.ahead"][0];
        Assert.Equal(("2030-01-02", 2, 500, 40), (
            ahead.GetProperty("date").GetString(), ahead.GetProperty("day").GetInt32(), ahead.GetProperty("allowed").GetInt32(), ahead.GetProperty("planned").GetInt32()));
    }

    [Fact]
    public async Task A_warm_up_is_replaced_by_what_is_given()
    {
        (await _user.Send(
            HttpMethod.Put, "/devices/device-1/warm-up", ApiClient.Json("""{"started_at":"2029-12-01T00:00:00Z","schedule":[10,20]}"""))).Is(HttpStatusCode.OK);

        var settings = _frontEnd.Grains.LastWarmUp!;
        Assert.Null(settings.Enabled);
        Assert.Equal(new DateTimeOffset(2029, 12, 1, 0, 0, 0, TimeSpan.Zero), settings.StartedAt);
        Assert.Equal([10, 20], settings.Schedule!.Value.AsEnumerable());
    }

    [Theory]
    [InlineData("""{"enabled":"yes"}""", "enabled", "must be true or false")]
    [InlineData("""{"started_at":"tomorrow"}""", "started_at", "must be a time such as 2030-01-31T12:00:00Z")]
    [InlineData("""{"started_at":"2031-01-01T00:00:00Z"}""", "started_at", "must not be later than now, 2030-01-01T12:00:00Z")]
    [InlineData("""{"schedule":[]}""", "schedule", "must be a list of 1 to 365 whole numbers")]
    [InlineData("""{"schedule":[10,0]}""", "schedule[1]", "must be a whole number between 1 and 1000000")]
    public async Task A_warm_up_that_makes_no_sense_is_refused_with_the_field(string body, string field, string message)
    {
        var reply = (await _user.Send(HttpMethod.Put, "/devices/device-1/warm-up", ApiClient.Json(body))).IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");

        Assert.Equal((field, message), (reply["validation"][0].GetProperty("field").GetString(), reply["validation"][0].GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("/devices/device-2/health")]
    [InlineData("/devices/device-2/warm-up")]
    public async Task Somebody_elses_device_is_the_same_as_none(string path)
    {
        await _frontEnd.AddDevice("admin", "device-2");

        (await _user.Get(path)).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");
    }

    [Fact]
    public async Task A_message_that_waits_for_its_day_says_until_when_and_why()
    {
        _frontEnd.Grains.Send = (device, command) =>
        {
            var queued = Samples.Queued(device, command).Wait(1, Samples.T0.AddDays(2), HoldReason.WarmUp, null, Samples.T0)!.Message;
            return Task.FromResult<SendAnswer>(new SendAnswer.Accepted(queued, Samples.T0.AddDays(2), WorthWaiting: false));
        };

        var reply = (await _user.Post("/send/text", new { number = Samples.Number, text = "hello" })).Is(HttpStatusCode.Accepted);

        Assert.Equal("2030-01-03T12:00:00Z", reply.Text("estimated_at"));
        Assert.Contains("for 2030-01-03 12:00 UTC: this number is being warmed up", reply.Text("message"), StringComparison.Ordinal);
    }

    private static DeviceHealthSnapshot Snapshot()
    {
        var pace = new Pace
        {
            Rate = 40, QuietSince = Samples.T0, Rating = QualityRating.Yellow, Changes = [new(Samples.T0, PaceSignal.Quality, null, 2, null, 80, 40)],
        };
        return new()
        {
            Device = new()
            {
                TenantId = "tenant", Id = "device-1", UserId = "user", Name = "d", Transport = "simulator", Epoch = 1, Session = DeviceSession.New(Samples.T0),
                CreatedAt = Samples.T0, UpdatedAt = Samples.T0,
            },
            Report = new(75, [new(PaceSignal.Quality, null, 2, 2, SignalState.Near, 25, "WhatsApp rates the number yellow.")]),
            Pace = new()
            {
                Pace = pace, Ceiling = 80, Floor = 0.1, Cap = 40, Categories = [new(Category.Marketing, 40)], RecoveredAt = null,
            },
            Restrictions = [new(RestrictionKind.ReachOut, Samples.T0.AddDays(1), Samples.T0, null)],
            WarmUp = new()
            {
                Enabled = true, StartedAt = Samples.T0, Schedule = WarmUpSchedules.Published, EndsAt = Samples.T0.AddDays(7), IsOver = false, Held = 40,
                Days = [new(Samples.T0, 1, 250, 250), new(Samples.T0.AddDays(1), 2, 500, 40)],
            },
        };
    }
}
