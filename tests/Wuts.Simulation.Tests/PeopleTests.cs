using Orleans.Hosting;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Simulation.Network;
using Wuts.Simulation.Runner;
using Wuts.Simulation.Variants;
using Wuts.Simulation.World;

namespace Wuts.Simulation.Tests;

/// <summary>What worlds may ask of the people on the simulated network.</summary>
public sealed class PeopleTests
{
    private static readonly People Cross = new(Blocks: 0.2, Replies: 0.2, StrangersADay: 3, BanTime: TimeSpan.FromMinutes(20));

    [Fact]
    public void Numbers_are_blocked_answered_and_banned_for_eagerness_and_every_promise_holds()
    {
        var seen = new List<Conduct>();
        for (var seed = 1; seed <= 8; seed++)
        {
            var variant = new Peopled(Cross);
            Assert.Empty(new Replay(seed, variant).Run().Violations);
            seen.AddRange(variant.Network!.Conduct);
        }

        Assert.Contains(seen, c => c is Conduct.Blocked);
        Assert.Contains(seen, c => c is Conduct.Banned);
        Assert.Contains(seen, c => c is Conduct.Wrote { Text: "STOP" });
    }

    [Fact]
    public void A_number_that_is_kept_from_strangers_sends_to_none_until_the_time()
    {
        var variant = new Peopled(new(), network =>
        {
            foreach (var device in network.Devices)
            {
                network.Restrict(device, RestrictionKind.NewChats, TimeSpan.FromMinutes(30));
                network.Rate(device, QualityRating.Red);
            }
        });
        var outcome = new Replay(3, variant).Run();
        Assert.Empty(outcome.Violations);
        Assert.Contains(outcome.History.Messages, message => message.Timeline.Any(entry => entry is { Kind: TimelineKind.Held, Detail: { } why } && why.Contains("does not let", StringComparison.Ordinal))); // it had strangers to write to

        var limits = variant.Network!.Conduct.OfType<Conduct.Restricted>().ToDictionary(r => r.Device);
        Assert.All(variant.Network.Log, taken => Assert.False(limits.TryGetValue(taken.Device, out var limit) && taken.At < limit.Until && IsStranger(taken)));

        bool IsStranger(WhatsApp.Taken taken) =>
            !variant.Network.Conduct.OfType<Conduct.Wrote>().Any(w => w.Device == taken.Device && w.Chat == taken.Chat && w.At <= taken.At);
    }

    [Fact]
    public void The_same_seed_is_the_same_run_with_people_too()
    {
        var (once, again) = (new Replay(4, new Peopled(Cross)).Run(), new Replay(4, new Peopled(Cross)).Run());

        Assert.Equal(once.Journal, again.Journal);
    }

    private sealed class Peopled(People people, Action<WhatsApp>? begin = null) : Variant
    {
        public WhatsApp? Network { get; private set; }

        public override void Configure(ISiloBuilder silo, SimulatedNode node, WhatsApp network)
        {
            if (Network is null)
            {
                Network = network;
                network.People = people;
                if (begin is not null)
                {
                    network.Node.Start(() =>
                    {
                        begin(network);
                        return Task.CompletedTask;
                    });
                }
            }
        }
    }
}
