using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wuts.Domain.Pacing;
using Wuts.Grains.Pacing;

namespace Wuts.Grains.Tests.Pacing;

public sealed class PaceOptionsTests
{
    [Fact]
    public void Without_configuration_a_number_may_send_80_a_second_and_a_linked_device_20_a_minute_like_a_person()
    {
        var options = Read<PaceOptions>();

        Assert.Equal((80.0, 0.1, false), (options.PolicyOf("simulator").Profile.Ceiling, options.PolicyOf("simulator").Profile.Floor, options.PolicyOf("simulator").Profile.IsHuman));
        var linked = options.PolicyOf("linked").Profile;
        Assert.Equal((20.0 / 60, true), (linked.Ceiling, linked.IsHuman));
    }

    [Fact]
    public void A_value_of_a_profile_is_changed_and_its_others_stay_and_a_transport_gets_a_profile_of_its_own()
    {
        var options = Read<PaceOptions>(
            ("Wuts:Pace:Profiles:linked:CeilingPerMinute", "12"), ("Wuts:Pace:Profiles:careful:PairGap", "00:00:06"), ("Wuts:Pace:Transports:simulator", "careful"));

        Assert.Equal((0.2, 1.0), (options.PolicyOf("linked").Profile.Ceiling, options.PolicyOf("linked").Profile.Jitter));
        Assert.Equal(TimeSpan.FromSeconds(6), options.PolicyOf("simulator").Profile.PairGap);
    }

    [Theory]
    [InlineData("Wuts:Pace:Profiles:default:FloorPerMinute", "5000", "FloorPerMinute must not be above CeilingPerMinute")]
    [InlineData("Wuts:Pace:Profiles:default:RecoverBy", "2", "RecoverBy")]
    [InlineData("Wuts:Pace:Transports:simulator", "unknown", "names the profile 'unknown'")]
    [InlineData("Wuts:Pace:UndeliveredShare", "30", "UndeliveredShare")]
    public void What_makes_no_sense_is_refused_with_its_key(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => Read<PaceOptions>((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_schedule_of_a_transport_is_its_own_or_the_configured_one_or_the_default()
    {
        Assert.Equal(WarmUpSchedules.Published.AsEnumerable(), Read<WarmUpOptions>().ScheduleOf("simulator"));
        Assert.Equal(WarmUpSchedules.Linked.AsEnumerable(), Read<WarmUpOptions>().ScheduleOf("linked"));
        var configured = Read<WarmUpOptions>(("Wuts:WarmUp:Schedule:0", "5"), ("Wuts:WarmUp:Schedule:1", "9"), ("Wuts:WarmUp:Transports:linked:0", "3"));
        Assert.Equal([5, 9], configured.ScheduleOf("simulator").AsEnumerable());
        Assert.Equal([3], configured.ScheduleOf("linked").AsEnumerable());
    }

    [Theory]
    [InlineData("Wuts:WarmUp:Schedule:0", "0", "Wuts:WarmUp:Schedule must be 1 to 365 numbers")]
    [InlineData("Wuts:WarmUp:WakingTo", "08:00:00", "Wuts:WarmUp:WakingTo must be later")]
    public void A_warm_up_that_makes_no_sense_is_refused_with_its_key(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => Read<WarmUpOptions>((key, value))).Message, StringComparison.Ordinal);

    private static T Read<T>(params (string Key, string Value)[] settings)
        where T : class
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build());
        services.AddWutsGrains();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<T>>().Value;
    }
}
