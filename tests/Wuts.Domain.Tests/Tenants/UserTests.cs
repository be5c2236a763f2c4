using Wuts.Domain.Tenants;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Tenants;

public sealed class UserTests
{
    [Theory]
    [InlineData(Role.User, "user-1", true)]
    [InlineData(Role.User, "user-2", false)]
    [InlineData(Role.Manager, "user-2", true)]
    [InlineData(Role.Admin, "user-2", true)]
    public void A_user_has_its_own_devices_and_the_other_roles_have_all(Role role, string owner, bool allowed) =>
        Assert.Equal(allowed, User(role).MayUseDeviceOf(owner));

    [Fact]
    public void A_token_is_known_by_its_sha256() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", AccessToken.Hash("abc"));

    private static User User(Role role) => new()
    {
        TenantId = "acme",
        Id = "user-1",
        Email = "ana@example.com",
        Role = role,
        Active = true,
        TokenHash = AccessToken.Hash("t"),
        CreatedAt = T0,
        UpdatedAt = T0,
    };
}
