using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Grains.Devices;
using Wuts.Testing;

namespace Wuts.Api.Tests.Scripted;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(Samples.T0);
    private FrontEnd _frontEnd = null!;
    private ApiClient _user = null!;

    public async Task InitializeAsync()
    {
        _frontEnd = await FrontEnd.StartAsync(_clock);
        _user = _frontEnd.As(FrontEnd.User);
        await _frontEnd.AddDevice("user", "device-1");
    }

    public async Task DisposeAsync() => await _frontEnd.DisposeAsync();

    [Fact]
    public async Task The_state_of_a_new_device_is_200_too()
    {
        var reply = await _user.Get("/status");

        reply.Is(HttpStatusCode.OK);
        Assert.Equal(
            ["connected", "status", "device_id", "jid", "phone_number", "is_logged_in", "last_seen", "queue_depth"], reply.Names("data"));
        Assert.Equal(("disconnected", "device-1", false), (reply.Text("data.status"), reply.Text("data.device_id"), reply["data.connected"].GetBoolean()));
    }

    [Fact]
    public async Task The_state_of_a_connected_device_tells_its_number()
    {
        Connected();

        var reply = await _user.Get("/status");

        Assert.Equal(("connected", Samples.Chat, Samples.Number), (reply.Text("data.status"), reply.Text("data.jid"), reply.Text("data.phone_number")));
        Assert.True(reply["data.is_logged_in"].GetBoolean());
        Assert.Equal("2030-01-01T12:00:00Z", reply.Text("data.last_seen"));
    }

    [Fact]
    public async Task A_caller_without_a_device_is_told_so() =>
        (await _frontEnd.As(FrontEnd.Manager).Get("/status")).IsError(HttpStatusCode.NotFound, "DEVICE_NOT_FOUND");

    [Fact]
    public async Task Connecting_answers_in_the_shape_of_the_contract()
    {
        var reply = await _user.Post("/connect");

        Assert.Equal(["status", "device_id", "needs_qr"], reply.Is(HttpStatusCode.OK).Names("data"));
        Assert.Equal(("connected", "device-1", false), (reply.Text("data.status"), reply.Text("data.device_id"), reply["data.needs_qr"].GetBoolean()));
    }

    [Fact]
    public async Task Connecting_without_a_pairing_asks_for_one()
    {
        _frontEnd.Grains.Link = () => new(LinkResult.NeedsPairing);

        var reply = await _user.Post("/connect");

        Assert.Equal(("disconnected", true), (reply.Is(HttpStatusCode.OK).Text("data.status"), reply["data.needs_qr"].GetBoolean()));
    }

    [Theory]
    [InlineData("/connect", "reconnect failed: the line is dead")]
    [InlineData("/disconnect", "failed to disconnect device: the line is dead")]
    [InlineData("/logout", "failed to log out device: the line is dead")]
    public async Task What_WhatsApp_does_not_do_is_502(string path, string error)
    {
        Connected();
        _frontEnd.Grains.Link = () => new(LinkResult.Failed, "the line is dead");

        Assert.Equal(error, (await _user.Post(path)).IsError(HttpStatusCode.BadGateway, "DEVICE_ERROR").Text("error"));
    }

    [Theory]
    [InlineData("/disconnect", "device disconnected successfully")]
    [InlineData("/logout", "device logged out successfully")]
    public async Task Disconnecting_and_logging_out_say_what_was_done(string path, string message)
    {
        Connected();

        var reply = await _user.Post(path);

        Assert.Equal(["message", "device_id"], reply.Is(HttpStatusCode.OK).Names("data"));
        Assert.Equal(message, reply.Text("data.message"));
    }

    [Fact]
    public async Task Logging_out_needs_a_live_link() =>
        (await _user.Post("/logout")).IsError(HttpStatusCode.ServiceUnavailable, "DEVICE_NOT_READY");

    [Theory]
    [InlineData("", "Device disconnected")]
    [InlineData("?purge=true", "Device removed")]
    [InlineData("?purge", "Device removed")]
    [InlineData("?purge=false", "Device disconnected")]
    public async Task Deleting_disconnects_or_removes(string query, string message)
    {
        var reply = await _user.Delete($"/devices/device-1{query}");

        Assert.Equal(["success", "message"], reply.Is(HttpStatusCode.OK).Names());
        Assert.Equal(message, reply.Text("message"));
    }

    [Fact]
    public async Task A_purge_that_is_neither_true_nor_false_is_refused() =>
        (await _user.Delete("/devices/device-1?purge=maybe")).IsInvalid("purge");

    [Fact]
    public async Task A_QR_code_comes_as_text_and_as_a_picture()
    {
        _frontEnd.Grains.Pairing = () => new PairingAnswer.Code("2@abc,def,ghi", Samples.T0, Samples.T0.AddSeconds(60), Cached: true);

        var reply = await _user.Get("/qr");

        Assert.Equal(["qr_code", "image", "cached", "expires_at", "ttl"], reply.Is(HttpStatusCode.OK).Names("data"));
        Assert.Equal(("2@abc,def,ghi", true, 60), (reply.Text("data.qr_code"), reply["data.cached"].GetBoolean(), reply["data.ttl"].GetInt32()));
        Assert.Equal("2030-01-01T12:01:00Z", reply.Text("data.expires_at"));
        Assert.StartsWith("data:image/png;base64,", reply.Text("data.image"), StringComparison.Ordinal);
        Assert.Equal([0x89, .. "PNG"u8], Convert.FromBase64String(reply.Text("data.image")["data:image/png;base64,".Length..])[..4]);
    }

    [Fact]
    public async Task A_paired_device_has_nothing_to_scan()
    {
        _frontEnd.Grains.Pairing = () => new PairingAnswer.AlreadyPaired();

        Assert.StartsWith("already connected", (await _user.Get("/qr")).IsError(HttpStatusCode.BadRequest, "ALREADY_CONNECTED").Text("error"), StringComparison.Ordinal);
        (await _user.Post("/paircode", new { phone = Samples.Number })).IsError(HttpStatusCode.BadRequest, "ALREADY_CONNECTED");
    }

    [Fact]
    public async Task A_code_that_does_not_come_is_a_timeout()
    {
        (await _user.Get("/qr")).IsError(HttpStatusCode.RequestTimeout, "QR_TIMEOUT");
        (await _user.Post("/paircode", new { phone = Samples.Number })).IsError(HttpStatusCode.GatewayTimeout, "TIMEOUT");
    }

    [Fact]
    public async Task Asking_for_a_QR_codes_state_needs_a_device()
    {
        Assert.Equal("device_id is required", (await _user.Get("/qr/status")).IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR").Text("error"));

        var reply = await _user.Get("/qr/status?device_id=device-1");
        Assert.Equal(["exists", "generated_at"], reply.Is(HttpStatusCode.OK).Names("data"));
        Assert.False(reply["data.exists"].GetBoolean());
    }

    [Fact]
    public async Task A_pair_code_comes_with_what_to_do()
    {
        _frontEnd.Grains.Pairing = () => new PairingAnswer.Code("ABCD-1234", Samples.T0.AddSeconds(-100), Samples.T0.AddSeconds(200), Cached: true);

        var reply = await _user.Post("/paircode", new { phone = "+55 11 99999-0001", device_id = "device-1" });

        Assert.Equal(["code", "phone", "expires_in", "cached", "instructions"], reply.Is(HttpStatusCode.OK).Names("data"));
        Assert.Equal(("ABCD-1234", Samples.Number, 200), (reply.Text("data.code"), reply.Text("data.phone"), reply["data.expires_in"].GetInt32()));
        Assert.Contains("ABCD-1234", reply.Text("data.instructions"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"phone":"123"}""", "phone", "invalid phone number format")]
    [InlineData("""{}""", "phone", "is required")]
    [InlineData("""{"phone":5511999990001}""", "phone", "must be a string")]
    [InlineData("""{"phone":"5511999990001","reuse_cache":"no"}""", "reuse_cache", "true or false")]
    public async Task A_bad_request_for_a_pair_code_is_a_field_error(string json, string field, string message) =>
        Assert.Contains(message, (await _user.Post("/paircode", json)).IsInvalid(field), StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData("?refresh=true", true)]
    [InlineData("?force_new=1", true)]
    [InlineData("?force_refresh", true)]
    [InlineData("?reuse_cache=false", true)]
    [InlineData("?cached=true", false)]
    [InlineData("?reuse=0", true)]
    [InlineData("?use_cache=0&refresh=false", false)]
    public async Task A_fresh_code_is_made_when_it_is_asked_for(string query, bool fresh)
    {
        _frontEnd.Grains.Pairing = () => new PairingAnswer.AlreadyPaired();

        await _user.Get($"/qr{query}");

        Assert.Equal(fresh, _frontEnd.Grains.LastRefresh);
    }

    [Fact]
    public async Task A_refresh_that_is_neither_true_nor_false_is_refused() => (await _user.Get("/qr?refresh=perhaps")).IsInvalid("refresh");

    private void Connected() => _frontEnd.Grains.Snapshot = device => device with
    {
        Session = device.Session.Paired(Samples.Chat, "secret", Samples.T0).Connected(Samples.T0),
    };
}
