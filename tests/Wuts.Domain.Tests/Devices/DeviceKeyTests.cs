using Wuts.Domain.Devices;

namespace Wuts.Domain.Tests.Devices;

public sealed class DeviceKeyTests
{
    [Fact]
    public void A_key_survives_its_text()
    {
        var key = new DeviceKey("acme", "dev-1");

        Assert.Equal("acme/dev-1", key.ToString());
        Assert.Equal(key, DeviceKey.Parse("acme/dev-1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("acme")]
    [InlineData("/dev-1")]
    [InlineData("acme/")]
    public void A_key_names_its_tenant_and_its_device(string text) => Assert.Throws<FormatException>(() => DeviceKey.Parse(text));
}
