using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests.InProcessOnly;

// Orleans collects by the system's clock whatever clock it is given. Here collection follows the silo's clock.
public sealed class IdleCollectionByManualClockTests(IdleCollectionByManualClockTests.Fixture silo)
    : IClassFixture<IdleCollectionByManualClockTests.Fixture>
{
    [Fact]
    public async Task A_grain_is_collected_at_the_first_look_after_its_age_and_not_before()
    {
        var key = SiloFixture.NewKey();
        var grain = silo.Grains.GetGrain<IIdleGrain>(key, typeof(BrieflyKeptGrain).FullName);
        var me = await grain.Me();

        silo.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(me, await grain.Me());
        silo.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(me, await grain.Me());
        silo.Clock.Advance(TimeSpan.FromMinutes(5));

        await silo.Probe.Reached($"{key} deactivated");
        Assert.NotEqual(me, await grain.Me());
    }

    [Fact]
    public async Task The_age_may_be_said_on_the_class()
    {
        var key = SiloFixture.NewKey();
        await silo.Grains.GetGrain<IIdleGrain>(key, typeof(AnnotatedGrain).FullName).Me();

        silo.Clock.Advance(TimeSpan.FromMinutes(9));

        await silo.Probe.Reached($"{key} deactivated");
    }

    public sealed class Fixture : SiloFixture
    {
        protected override void Configure(ISiloBuilder silo)
        {
            silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            silo.Configure<GrainCollectionOptions>(options =>
                options.ClassSpecificCollectionAge[typeof(BrieflyKeptGrain).FullName!] = TimeSpan.FromMinutes(5));
        }
    }
}

[CollectionAgeLimit(Minutes = 8)]
internal sealed class AnnotatedGrain(Probe probe) : IdleGrain(probe), IIdleGrain;
