namespace Wuts.Simulation.Tests.FairShare;

/// <summary>Tenants that share a rate on a cluster of two silos, in virtual time.</summary>
public sealed class FairShareTests
{
    private const double Rate = 40;
    private const double Bound = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Tenants_with_more_to_send_than_the_rate_stay_within_three_messages_of_each_other_and_use_all_of_it(int seed)
    {
        var world = new FairWorld(seed, Rate);
        world.Run(async () =>
        {
            await QueueAtThree(world);
            await world.Wait(2);

            var (from, before) = (world.Now, world.HandedOver.Count);
            await world.Wait(8);

            Assert.InRange(world.HandedOver.Count - before, 0.95 * 8 * Rate, (8 * Rate) + 12);
            Assert.InRange(world.LargestLag(from, world.Now), 0, Bound);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void So_they_do_again_once_the_other_silos_know_that_one_was_killed(int seed)
    {
        var world = new FairWorld(seed, Rate);
        world.Run(async () =>
        {
            await QueueAtThree(world);
            await world.Wait(2);
            await world.Kill(world.Silos[^1], seconds: 8);
            await world.Wait(8); // devices move, link again, and settle what was in doubt

            var (from, before) = (world.Now, world.HandedOver.Count);
            await world.Wait(6);

            Assert.All((string[])["many", "some", "few"], tenant => Assert.True(world.Left(tenant) > 0));
            Assert.InRange(world.HandedOver.Count - before, 0.95 * 6 * Rate, (6 * Rate) + 12);
            Assert.InRange(world.LargestLag(from, world.Now), 0, Bound);
        });
    }

    [Fact]
    public void A_tenant_that_sends_now_and_then_waits_no_longer_beside_one_with_a_full_queue()
    {
        Assert.InRange(Slowest(noisy: true), 0, 1.5 * Slowest(noisy: false));

        static double Slowest(bool noisy)
        {
            double[] waits = [];
            var world = new FairWorld(seed: 1, Rate);
            world.Run(async () =>
            {
                await world.Start(silos: 2);
                await world.Add("quiet", devices: 2);
                await world.Add("noisy", devices: 8);
                await world.Queue("noisy", messagesOfDevice: noisy ? 120 : 0);
                for (var i = 0; i < 25; i++)
                {
                    await world.Queue("quiet", messagesOfDevice: 1);
                    await world.Wait(0.37);
                }

                await world.Wait(2);
                Assert.Equal(noisy, world.Left("noisy") > 0);
                waits = [.. world.Waits("quiet").Order()];
            });
            return waits[(int)(waits.Length * 0.95)];
        }
    }

    private static async Task QueueAtThree(FairWorld world)
    {
        await world.Start(silos: 2);
        await world.Add("many", devices: 8);
        await world.Add("some", devices: 4);
        await world.Add("few", devices: 4);
        await world.Queue("many", messagesOfDevice: 90);
        await world.Queue("some", messagesOfDevice: 140);
        await world.Queue("few", messagesOfDevice: 140);
    }
}
