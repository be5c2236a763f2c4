using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

public sealed class ClientTests(ClientTests.Fixture silo) : IClassFixture<ClientTests.Fixture>
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task The_client_has_a_timeout_of_its_own()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => silo.Cluster.Client.GetGrain<IBusyGrain>(_key).Write(hold: true));

        silo.Probe.Set($"{_key} go on");
    }

    [Fact]
    public async Task The_client_has_outgoing_filters_of_its_own()
    {
        await silo.Cluster.Client.GetGrain<IBusyGrain>(_key).Peek();
        Assert.Equal(1, silo.Probe.CountOf($"{_key} filtered"));

        await silo.Grains.GetGrain<IBusyGrain>(_key).Peek();
        Assert.Equal(1, silo.Probe.CountOf($"{_key} filtered"));
    }

    [Fact]
    public async Task What_the_client_sends_is_copied()
    {
        var sent = new List<Box> { new() { Content = 1 } };

        var back = await silo.Cluster.Client.GetGrain<IMirrorGrain>(_key).ReflectList(sent);

        Assert.Equal(1, Assert.Single(back).Content);
        Assert.NotSame(sent[0], back[0]);
    }

    public sealed class Fixture : SiloFixture
    {
        protected override void Configure(IClientBuilder client)
        {
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2));
            client.AddOutgoingGrainCallFilter(context =>
            {
                if (context.InterfaceMethod.DeclaringType == typeof(IBusyGrain))
                {
                    Probe.Count($"{context.TargetId.Key} filtered");
                }

                return context.Invoke();
            });
        }
    }
}
