using Microsoft.AspNetCore.Http;
using Wuts.Grains.Tenants;

namespace Wuts.Api.Authentication;

/// <summary>Who may call an endpoint. Kept as endpoint metadata.</summary>
internal enum Access
{
    /// <summary>Whoever reaches us: liveness and documentation.</summary>
    Anyone,

    /// <summary>Any user's token.</summary>
    Caller,

    /// <summary>The token of a tenant's manager or admin.</summary>
    Manager,

    /// <summary>The token of a tenant's admin.</summary>
    Admin,

    /// <summary>The platform's operator: the master token, or the cookie of somebody who signed in with it.</summary>
    Operator,
}

internal static class CallerOfRequest
{
    /// <summary>Who makes this request. Only on endpoints that need a user's token.</summary>
    public static Caller GetCaller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint is open to requests without a user's token.");
}
