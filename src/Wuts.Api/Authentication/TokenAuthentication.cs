using Microsoft.AspNetCore.Http;
using Orleans;
using Wuts.Api.Calls;
using Wuts.Api.Errors;
using Wuts.Domain.Tenants;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Authentication;

/// <summary>
/// Lets a request through to an endpoint of ours only with the token that the endpoint's <see cref="Access"/> asks for, before
/// anything of its body is read. Other endpoints of the process are not its business.
/// </summary>
internal sealed class TokenAuthentication(RequestDelegate next, IGrainFactory grains, IMasterToken master, RepeatedCalls calls)
{
    private static readonly ApiError MissingToken = new(ErrorCodes.Unauthorized, "unauthorized: send your token as Authorization: Bearer <token>");
    private static readonly ApiError InvalidToken = new(ErrorCodes.Unauthorized, "Invalid token");
    private static readonly ApiError MissingMaster = new(ErrorCodes.Unauthorized, "master token required");
    private static readonly ApiError InvalidMaster = new(ErrorCodes.Unauthorized, "invalid master token");
    private static readonly ApiError AdminsOnly = new(ErrorCodes.Forbidden, "This needs the role admin.");
    private static readonly ApiError ManagersOnly = new(ErrorCodes.Forbidden, "This needs the role manager or admin.");

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiredAccess>() is { } required
            && await RefuseAsync(http, required.Access) is { } refusal)
        {
            await (required.Access == Access.Operator && OperatorPage.IsWanted(http.Request)
                ? OperatorPage.Show(http, StatusCodes.Status401Unauthorized, http.Request.Path).ExecuteAsync(http)
                : refusal.ExecuteAsync(http));
            return;
        }

        await next(http);
    }

    private async Task<ApiError?> RefuseAsync(HttpContext http, Access access)
    {
        if (access == Access.Anyone)
        {
            return null;
        }

        var token = BearerToken.Of(http.Request);
        if (access == Access.Operator)
        {
            return token is not null ? master.Matches(token) ? null : InvalidMaster
                : await OperatorSignIn.IsSignedInAsync(http) ? null
                : MissingMaster;
        }

        if (token is null)
        {
            return MissingToken;
        }

        var grain = grains.GetGrain<ITokenGrain>(AccessToken.Hash(token));
        if (await calls.RepeatAsync(grain.Resolve) is not { } caller)
        {
            return InvalidToken;
        }

        http.Features.Set(caller);
        return access == Access.Admin && caller.User.Role != Role.Admin ? AdminsOnly
            : access == Access.Manager && caller.User.Role == Role.User ? ManagersOnly
            : null;
    }
}

/// <summary>Endpoint metadata: what <see cref="TokenAuthentication"/> asks for.</summary>
internal sealed record RequiredAccess(Access Access);
