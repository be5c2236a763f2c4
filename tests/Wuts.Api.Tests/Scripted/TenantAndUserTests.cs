using System.Net;
using Wuts.Api.Tests.Support;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

public sealed class TenantAndUserTests(ScriptedFixture fixture) : IClassFixture<ScriptedFixture>
{
    private readonly ApiClient _master = fixture.FrontEnd.As(FrontEnd.MasterToken);
    private readonly ApiClient _admin = fixture.FrontEnd.As(FrontEnd.Admin);

    public static TheoryData<string, string?, string> BadPeople => new()
    {
        { "email", null, "required" },
        { "email", "\"nobody\"", "e-mail address" },
        { "email", "\"a@b\"", "e-mail address" },
        { "email", "\"a@b@c.example\"", "e-mail address" },
        { "email", "\"a b@example.com\"", "e-mail address" },
        { "email", "7", "string" },
        { "password", null, "required" },
        { "password", "\"short\"", "between 8 and 128" },
        { "role", "\"owner\"", "user, manager or admin" },
        { "role", "1", "string" },
        { "webhook_url", "\"http://example.com\"", "https" },
        { "webhook_url", "\"https://127.0.0.1/x\"", "private" },
        { "webhook_url", "\"nonsense\"", "URL" },
    };

    [Fact]
    public async Task Registering_gives_a_tenant_its_admin_and_a_token_once()
    {
        var reply = await _master.Post("/register", new
        {
            tenant_name = "Tenant A", email = "a@example.com", password = "correct horse", role = "user", webhook_url = "https://example.com/hook",
        });

        reply.Is(HttpStatusCode.Created);
        Assert.Equal(["success", "user", "tenant", "token", "webhook_configured", "webhook_url", "note"], reply.Names());
        Assert.Equal(["id", "tenant_id", "email", "role", "token", "active", "created_at", "updated_at"], reply.Names("user"));
        Assert.Equal(["id", "name", "created_at", "updated_at"], reply.Names("tenant"));
        Assert.Equal(("admin", "a@example.com", "Tenant A"), (reply.Text("user.role"), reply.Text("user.email"), reply.Text("tenant.name")));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", reply.Text("token"));
        Assert.Equal(reply.Text("token"), reply.Text("user.token"));
        Assert.Equal(reply.Text("tenant.id"), reply.Text("user.tenant_id"));
        Assert.Equal((true, "https://example.com/hook"), (reply["webhook_configured"].GetBoolean(), reply.Text("webhook_url")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", reply.Text("tenant.created_at"));

        var users = await fixture.FrontEnd.As(reply.Text("token")).Get("/users");
        Assert.DoesNotContain(reply.Text("token"), users.Is(HttpStatusCode.OK).Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_of_that_name_is_409_and_says_so()
    {
        (await _master.Post("/register", Registration("Tenant B", "b@example.com"))).Is(HttpStatusCode.Created);

        var again = await _master.Post("/register", Registration("Tenant B", "other@example.com"));

        Assert.StartsWith("tenant already exists - ", again.IsError(HttpStatusCode.Conflict, "TENANT_EXISTS").Text("error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"   \"")]
    [InlineData("\"two\\nlines\"")]
    [InlineData("null")]
    [InlineData("12")]
    public async Task A_tenant_needs_a_name(string name) =>
        (await _master.Post("/register", $$"""{"tenant_name":{{name}},"email":"c@example.com","password":"correct horse"}""")).IsInvalid("tenant_name");

    [Theory]
    [MemberData(nameof(BadPeople))]
    public async Task A_bad_user_is_a_field_error_for_both_requests(string field, string? value, string message)
    {
        var fields = new Dictionary<string, string?> { ["tenant_name"] = "\"T\"", ["email"] = "\"d@example.com\"", ["password"] = "\"correct horse\"", [field] = value };
        var json = "{" + string.Join(",", fields.Where(f => f.Value is not null).Select(f => $"\"{f.Key}\":{f.Value}")) + "}";

        foreach (var reply in new[] { await _master.Post("/register", json), await _admin.Post("/users", json) })
        {
            Assert.Contains(message, reply.IsInvalid(field), StringComparison.Ordinal);
            Assert.True(field != "password" || !reply.Body.ToString().Contains("short", StringComparison.Ordinal), "A password was repeated.");
        }
    }

    [Fact]
    public async Task A_user_is_created_in_the_admins_own_tenant()
    {
        var reply = await _admin.Post("/users", new { email = "e@example.com", password = "correct horse", role = "manager" });

        reply.Is(HttpStatusCode.Created);
        Assert.Equal(["success", "user", "webhook_configured", "webhook_url", "note"], reply.Names());
        Assert.Equal(("acme", "manager"), (reply.Text("user.tenant_id"), reply.Text("user.role")));
        Assert.False(reply["webhook_configured"].GetBoolean());
        (await fixture.FrontEnd.As(reply.Text("user.token")).Get("/devices")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_without_a_role_is_a_user() =>
        Assert.Equal("user", (await _admin.Post("/users", new { email = "f@example.com", password = "correct horse" })).Text("user.role"));

    [Fact]
    public async Task The_same_address_in_another_case_is_409()
    {
        (await _admin.Post("/users", new { email = "g@example.com", password = "correct horse" })).Is(HttpStatusCode.Created);
        (await _admin.Post("/users", new { email = "G@Example.com", password = "correct horse" })).IsError(HttpStatusCode.Conflict, "USER_EXISTS");
    }

    [Fact]
    public async Task Users_are_listed_without_tokens_and_only_the_own_tenants()
    {
        var reply = await _admin.Get("/users");

        var users = reply.Is(HttpStatusCode.OK)["users"].EnumerateArray().ToArray();
        Assert.All(users, u => Assert.Equal("acme", u.GetProperty("tenant_id").GetString()));
        Assert.All(users, u => Assert.False(u.TryGetProperty("token", out _)));
    }

    [Fact]
    public async Task Tenants_are_listed_for_the_master()
    {
        var reply = await _master.Get("/tenants");

        Assert.Contains("acme", reply.Is(HttpStatusCode.OK)["tenants"].EnumerateArray().Select(t => t.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_user_that_is_not_active_is_nobody()
    {
        await fixture.FrontEnd.Service<ITenantStore>().CreateUserAsync(new()
        {
            TenantId = "acme", Id = "gone", Email = "gone@example.com", Role = Role.Admin, Active = false, TokenHash = AccessToken.Hash("token-of-one-who-left"),
            CreatedAt = Samples.T0, UpdatedAt = Samples.T0,
        });

        (await fixture.FrontEnd.As("token-of-one-who-left").Get("/devices")).IsError(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
    }

    private static Dictionary<string, string> Registration(string name, string email) =>
        new() { ["tenant_name"] = name, ["email"] = email, ["password"] = "correct horse" };
}
