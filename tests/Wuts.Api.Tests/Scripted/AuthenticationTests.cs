using System.Net;
using Microsoft.AspNetCore.Routing;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Scripted;

public sealed class AuthenticationTests(ScriptedFixture fixture) : IClassFixture<ScriptedFixture>
{
    private readonly FrontEnd _frontEnd = fixture.FrontEnd;

    public static TheoryData<string, string> UserEndpoints => new()
    {
        { "POST", "/users" }, { "GET", "/users" }, { "POST", "/devices" }, { "GET", "/devices" }, { "DELETE", "/devices/x" }, { "GET", "/status" },
        { "GET", "/qr" }, { "GET", "/qr/status?device_id=x" }, { "POST", "/paircode" }, { "POST", "/connect" }, { "POST", "/disconnect" },
        { "POST", "/logout" }, { "POST", "/send/text" }, { "GET", "/messages/3EB0/status" }, { "GET", "/messages/3EB0" }, { "POST", "/webhook" },
        { "GET", "/webhook" }, { "DELETE", "/webhook" }, { "GET", "/webhook/events" }, { "GET", "/webhook/dead-letters" },
        { "GET", "/limits" }, { "GET", "/usage" },
    };

    [Theory]
    [MemberData(nameof(UserEndpoints))]
    public async Task Without_a_known_token_nothing_is_read_and_the_answer_is_401(string method, string path)
    {
        var broken = method == "POST" ? ApiClient.Json("{ this is not JSON") : null;
        var none = await _frontEnd.Client.Send(new(method), path, broken);
        Assert.Equal("Bearer", none.IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED").Header("WWW-Authenticate"));

        broken = method == "POST" ? ApiClient.Json("{ this is not JSON") : null;
        var wrong = await _frontEnd.As("nobody-has-this-token").Send(new(method), path, broken);
        Assert.Equal("Invalid token", wrong.IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED").Text("error"));
    }

    [Theory]
    [InlineData("POST", "/register")]
    [InlineData("GET", "/tenants")]
    [InlineData("GET", "/tenants/acme/limits")]
    [InlineData("PUT", "/tenants/acme/limits")]
    public async Task Tenants_are_for_the_master_token_only(string method, string path)
    {
        var none = await _frontEnd.Client.Send(new(method), path, null);
        Assert.Equal("master token required", none.IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED").Text("error"));

        var admin = await _frontEnd.As(FrontEnd.Admin).Send(new(method), path, null);
        Assert.Equal("invalid master token", admin.IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED").Text("error"));
    }

    [Fact]
    public async Task The_master_token_is_no_user() =>
        (await _frontEnd.As(FrontEnd.MasterToken).Get("/devices")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");

    [Theory]
    [InlineData("GET", FrontEnd.Manager)]
    [InlineData("GET", FrontEnd.User)]
    [InlineData("POST", FrontEnd.Manager)]
    [InlineData("POST", FrontEnd.User)]
    public async Task Users_are_for_admins(string method, string token) =>
        (await _frontEnd.As(token).Send(new(method), "/users", null)).IsError(HttpStatusCode.Forbidden, "FORBIDDEN");

    [Theory]
    [InlineData("Bearer token-of-the-user")]
    [InlineData("bearer token-of-the-user")]
    [InlineData("BEARER   token-of-the-user")]
    [InlineData("token-of-the-user")]
    public async Task The_scheme_may_be_in_any_case_or_missing(string header) =>
        (await _frontEnd.Client.Get("/devices", ("Authorization", header))).Is(HttpStatusCode.OK);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task What_is_no_token_is_401(string header) =>
        (await _frontEnd.Client.Get("/devices", ("Authorization", header))).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");

    [Fact]
    public async Task A_token_in_the_query_is_not_read() =>
        (await _frontEnd.Client.Get($"/devices?token={FrontEnd.User}&access_token={FrontEnd.User}")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        var silent = _frontEnd.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !e.Metadata.Any(m => m.GetType().Name == "RequiredAccess"))
            .Select(e => e.RoutePattern.RawText);

        Assert.Equal(["/openapi.json"], silent);
    }
}
