using Orleans;
using Wuts.Domain.Tenants;
using Wuts.Grains.Tenants;
using Wuts.Storage;

namespace Wuts.Api.Devices;

/// <summary>Which device a caller's requests mean is remembered with its token; after a change of devices it must be forgotten.</summary>
internal static class OwnerTokens
{
    public static async Task ForgetAsync(User caller, string ownerId, IGrainFactory grains, ITenantStore tenants)
    {
        var owner = caller.Id == ownerId
            ? caller
            : (await tenants.ListUsersAsync(caller.TenantId)).FirstOrDefault(user => user.Id == ownerId);
        if (owner is not null)
        {
            await grains.GetGrain<ITokenGrain>(owner.TokenHash).Forget();
        }
    }
}
