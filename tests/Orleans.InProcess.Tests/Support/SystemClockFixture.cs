using Orleans.Configuration;
using Orleans.Hosting;

namespace Orleans.InProcess.Tests.Support;

/// <summary>
/// A silo that follows the system's clock alone: for what Orleans measures in no other time. Its tests wait for what happens,
/// not for time to pass, but some of it takes seconds to happen.
/// </summary>
public sealed class SystemClockFixture : SiloFixture
{
    protected override void Configure(ISiloBuilder silo) => silo.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromMilliseconds(500);
        options.CollectionAge = TimeSpan.FromHours(1);
        options.ClassSpecificCollectionAge[typeof(BrieflyKeptGrain).FullName!] = TimeSpan.FromSeconds(1);
        options.ClassSpecificCollectionAge[typeof(TickingGrain).FullName!] = TimeSpan.FromSeconds(5); // many ticks: a machine that stalls is late with some
    });
}

[CollectionDefinition(Name)]
public sealed class SystemClockSilo : ICollectionFixture<SystemClockFixture>
{
    public const string Name = "silo on the system's clock";
}
