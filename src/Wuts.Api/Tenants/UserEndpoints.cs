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

/// <summary>A tenant's users: for its admins.</summary>
internal static class UserEndpoints
{
    public const string TokenNote = "The token is shown this once and kept only as a digest: store it now.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/users", Add)
            .Documented(Access.Admin, "createUser", "Users", "Create a user", "Creates a user of the caller's tenant and gives its token.")
            .Takes<CreateUserRequest>()
            .Answers<CreateUserAnswer>(StatusCodes.Status201Created, "Created.")
            .Fails(ErrorCodes.UserExists);
        routes.MapGet("/users", List)
            .Documented(Access.Admin, "listUsers", "Users", "List users", "The tenant's users, oldest first. Tokens are kept as digests, so the list has none.")
            .Answers<UsersAnswer>(StatusCodes.Status200OK, "The tenant's users.");
    }

    public static User Create(string tenantId, NewUser user, string token, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.NewGuid().ToString(),
        Email = user.Email,
        Role = user.Role,
        Active = true,
        TokenHash = AccessToken.Hash(token),
        PendingWebhookUrl = user.WebhookUrl,
        CreatedAt = now,
        UpdatedAt = now,
    };

    private static async Task<IResult> Add(
        HttpContext http, JsonBody body, ITenantStore tenants, IOptions<WebhookOptions> webhooks, TimeProvider clock)
    {
        var (newUser, error) = await body.ReadAsync(http, fields => NewUser.Read(fields, webhooks.Value));
        if (newUser is null)
        {
            return error!;
        }

        var token = BearerToken.Issue();
        var user = Create(http.GetCaller().TenantId, newUser, token, clock.GetUtcNow());
        if (!await tenants.CreateUserAsync(user))
        {
            return new ApiError(ErrorCodes.UserExists, "user already exists - this e-mail address is taken in your tenant");
        }

        var answer = new CreateUserAnswer
        {
            User = UserResource.Of(user, token),
            WebhookConfigured = user.PendingWebhookUrl is not null,
            WebhookUrl = user.PendingWebhookUrl?.OriginalString,
            Note = TokenNote,
        };
        return Answer.Created(answer, ApiJson.Wire.CreateUserAnswer);
    }

    private static async Task<IResult> List(HttpContext http, ITenantStore tenants) => Answer.Ok(
        new UsersAnswer
        {
            Users = [.. (await tenants.ListUsersAsync(http.GetCaller().TenantId, http.RequestAborted)).Select(user => UserResource.Of(user))],
        },
        ApiJson.Wire.UsersAnswer);
}
