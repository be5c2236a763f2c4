using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>The secret that the simulator, silos and gateways share, as its holder sees it.</summary>
internal sealed class SharedToken(string token, Answer answer)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest = Digest(token);

    /// <summary>A group of endpoints that only who has the token may call. It is asked for before anything of a body is read.</summary>
    public RouteGroupBuilder Guard(RouteGroupBuilder group)
    {
        group.AllowAnonymous().ExcludeFromDescription();
        group.AddEndpointFilter(async (invocation, next) => Admits(invocation.HttpContext.Request) ? await next(invocation) : Refuse(invocation.HttpContext));
        return group;
    }

    // Digests are of one length, so that the time it takes tells nothing.
    private bool Admits(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(_digest, Digest(value[Scheme.Length..].Trim()));

    private JsonHttpResult<ErrorBody> Refuse(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return answer.Error(
            StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "Send the token of Wuts:Simulator:Token as Authorization: Bearer <token>.");
    }

    private static byte[] Digest(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
