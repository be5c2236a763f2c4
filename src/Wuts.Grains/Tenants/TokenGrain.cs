using Orleans;
using Orleans.Runtime;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Grains.Tenants;

[GrainType("token")]
[CollectionAgeLimit(Minutes = 5)]
internal sealed class TokenGrain(ITenantStore tenants, IDeviceStore devices, TimeProvider clock) : Grain, ITokenGrain
{
    // A revoked token or a changed default device takes effect within this, even if nobody called Forget.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private Caller? _caller;
    private DateTimeOffset _validUntil;

    public async Task<Caller?> Resolve()
    {
        if (clock.GetUtcNow() >= _validUntil)
        {
            _caller = await Read();
            _validUntil = clock.GetUtcNow() + Remembered;
            if (_caller is null)
            {
                DeactivateOnIdle(); // guessed tokens must not fill the memory
            }
        }

        return _caller;
    }

    public Task Forget()
    {
        _validUntil = DateTimeOffset.MinValue;
        return Task.CompletedTask;
    }

    private async Task<Caller?> Read()
    {
        var user = await tenants.FindUserByTokenHashAsync(this.GetPrimaryKeyString());
        if (user is not { Active: true })
        {
            return null;
        }

        var own = await devices.ListAsync(user.TenantId, user.Id);
        return new(user, own.MaxBy(LastConnected)?.Id);
    }

    private static (bool, DateTimeOffset) LastConnected(Device device) => device.Session switch
    {
        { IsConnected: true } session => (true, session.Since),
        { LastSeenAt: { } seen } => (false, seen),
        _ => (false, device.CreatedAt),
    };
}
