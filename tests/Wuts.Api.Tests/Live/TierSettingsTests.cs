using Microsoft.Extensions.Options;
using Wuts.Server;

namespace Wuts.Api.Tests.Live;

public sealed class TierSettingsTests
{
    [Theory]
    [InlineData("gold:MessagesPerSecond=fast", "Wuts:Tiers:gold:MessagesPerSecond must be a number from 0.001 to 10000, with three digits after the point at most, not 'fast'.")]
    [InlineData("gold:MessagesPerSecond=0", "Wuts:Tiers:gold:MessagesPerSecond must be a number from 0.001 to 10000, with three digits after the point at most.")]
    [InlineData("gold:MessagesPerDay=many", "Wuts:Tiers:gold:MessagesPerDay must be a whole number, not 'many'.")]
    [InlineData("gold:Weight=0", "Wuts:Tiers:gold:Weight must be between 1 and 1000.")]
    [InlineData("gold:Burst=5", "Wuts:Tiers:gold:Burst needs a rate: give messages a second too, here or in the tier, or leave the burst out.")]
    [InlineData("gold:MessagesADay=5", "Wuts:Tiers:gold:MessagesADay is no limit: it must be one of MessagesPerSecond, Burst, ")]
    [InlineData("very good:Devices=5", "Wuts:Tiers:very good: the name of a tier must be 1 to 50 letters, digits, - and _.")]
    public async Task A_tier_that_cannot_be_kept_stops_the_start_and_its_key_is_named(string setting, string fault)
    {
        var data = Directory.CreateTempSubdirectory("wuts-api-tests-");
        try
        {
            await using var app = WutsServer.Build([$"--Wuts:DataPath={data.FullName}", "--Wuts:Urls=http://127.0.0.1:0", $"--Wuts:Tiers:{setting}"]);

            var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
