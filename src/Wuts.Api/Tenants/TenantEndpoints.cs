using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Tenants;
using Wuts.Storage;
using Wuts.Webhooks;

namespace Wuts.Api.Tenants;

/// <summary>Tenants: for whoever holds the master token.</summary>
internal static class TenantEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/register", Register)
            .Documented(Access.Operator, "register", "Tenants", "Create a tenant", "Creates a tenant with its first user, an admin, and gives that user's token.")
            .Takes<RegisterRequest>()
            .Answers<RegisterAnswer>(StatusCodes.Status201Created, "Created.")
            .Fails(ErrorCodes.TenantExists);
        routes.MapGet("/tenants", List)
            .Documented(Access.Operator, "listTenants", "Tenants", "List tenants", "All tenants, oldest first.")
            .Answers<TenantsAnswer>(StatusCodes.Status200OK, "All tenants.");
    }

    private static async Task<IResult> Register(
        HttpContext http, JsonBody body, ITenantStore tenants, IOptions<WebhookOptions> webhooks, TimeProvider clock)
    {
        var (request, error) = await body.ReadAsync(
            http, fields => new NewTenant(fields.Name("tenant_name"), NewUser.Read(fields, webhooks.Value)));
        if (request is null)
        {
            return error!;
        }

        var now = clock.GetUtcNow();
        var tenant = new Tenant(Guid.NewGuid().ToString(), request.Name, now, now);
        var token = BearerToken.Issue();
        var user = UserEndpoints.Create(tenant.Id, request.FirstUser with { Role = Role.Admin }, token, now);
        if (!await tenants.RegisterAsync(tenant, user))
        {
            return new ApiError(ErrorCodes.TenantExists, "tenant already exists - choose another tenant_name");
        }

        var answer = new RegisterAnswer
        {
            User = UserResource.Of(user, token),
            Tenant = TenantResource.Of(tenant),
            Token = token,
            WebhookConfigured = user.PendingWebhookUrl is not null,
            WebhookUrl = user.PendingWebhookUrl?.OriginalString,
            Note = UserEndpoints.TokenNote,
        };
        return Answer.Created(answer, ApiJson.Wire.RegisterAnswer);
    }

    private static async Task<IResult> List(HttpContext http, ITenantStore tenants) => Answer.Ok(
        new TenantsAnswer { Tenants = [.. (await tenants.ListAsync(http.RequestAborted)).Select(TenantResource.Of)] },
        ApiJson.Wire.TenantsAnswer);

    private sealed record NewTenant(string Name, NewUser FirstUser);
}
