using Orleans;
using Orleans.Concurrency;
using Wuts.Domain.Tenants;

namespace Wuts.Grains.Tenants;

/// <summary>
/// Whose a bearer token is. It remembers the answer for a few seconds, so that requests do not each read the database.
/// Key: <see cref="AccessToken.Hash"/> of the token.
/// </summary>
[Alias("wuts.token-grain")]
public interface ITokenGrain : IGrainWithStringKey
{
    /// <summary>The caller, or <c>null</c> for a token that nobody has or whose user is not active.</summary>
    [Alias("resolve")]
    Task<Caller?> Resolve();

    /// <summary>Forgets what it remembers. To be called after a user or its devices changed.</summary>
    [Alias("forget")]
    Task Forget();
}

/// <summary>Who makes a request.</summary>
/// <param name="DefaultDeviceId">
/// The device that requests without a device mean: the user's only one, else the one that was connected most recently; <c>null</c>
/// if it has none.
/// </param>
[GenerateSerializer, Immutable, Alias("wuts.caller")]
public sealed record Caller([property: Id(0)] User User, [property: Id(1)] string? DefaultDeviceId)
{
    public string TenantId => User.TenantId;
}
