using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;
using Orleans.TestingHost;
using Wuts.Testing;

namespace Orleans.InProcess.Tests.InProcessOnly;

// What the deterministic simulation stands on: with another scheduler and another clock the engine does nothing by itself.
public sealed class TurnSchedulerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task All_that_grains_do_can_be_run_on_one_thread()
    {
        var diary = await Simulate(seed: 1);

        Assert.Equal(40 * 3, diary.Count(entry => entry.EndsWith(" tick", StringComparison.Ordinal)));
        Assert.Equal(40, diary.Count(entry => entry.EndsWith(" remembered 3 ticks", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_order_of_turns_and_another_seed_another()
    {
        var once = await Simulate(seed: 1);

        Assert.Equal(once, await Simulate(seed: 1));
        Assert.NotEqual(once, await Simulate(seed: 2));
    }

    private static async Task<List<string>> Simulate(int seed)
    {
        var scheduler = new SeededScheduler(seed);
        var clock = new ManualTimeProvider();
        var diary = new Diary();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TurnScheduler>(scheduler);
            silo.Services.AddSingleton<TimeProvider>(clock);
            silo.Services.AddSingleton(diary);
            silo.AddMemoryGrainStorageAsDefault();
            silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(2));
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync();

        var grains = cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>();
        var driver = new TurnQueue(scheduler);
        var done = Task.Factory.StartNew(
            () => Task.WhenAll(Enumerable.Range(0, 40).Select(i => grains.GetGrain<IDiaristGrain>($"{i}").Begin())), default, TaskCreationOptions.None, driver).Unwrap();
        scheduler.RunUntilIdle();
        Assert.True(done.IsCompletedSuccessfully);
        for (var minutes = 0; minutes < 4; minutes++)
        {
            for (var i = 0; i < 60; i++)
            {
                clock.Advance(Second);
                scheduler.RunUntilIdle();
            }
        }

        await cluster.KillSiloAsync(cluster.Silos[0]); // nobody runs turns any more, so nothing could be stopped in peace
        return [.. diary.Entries];
    }

    private sealed class SeededScheduler(int seed) : TurnScheduler
    {
        private readonly Random _random = new(seed);
        private readonly List<TurnQueue> _ready = [];
        public override void Schedule(TurnQueue queue)
        {
            lock (_ready)
            {
                _ready.Add(queue);
            }
        }

        public void RunUntilIdle()
        {
            while (true)
            {
                TurnQueue queue;
                lock (_ready)
                {
                    if (_ready.Count == 0)
                    {
                        return;
                    }

                    var next = _random.Next(_ready.Count);
                    queue = _ready[next];
                    _ready.RemoveAt(next);
                }

                if (queue.RunTurns(1))
                {
                    Schedule(queue);
                }
            }
        }
    }
}

/// <summary>What happened, in order. Written by one thread only, which it makes sure of.</summary>
internal sealed class Diary
{
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public List<string> Entries { get; } = [];

    public void Write(string entry) => Entries.Add(
        Environment.CurrentManagedThreadId == _thread ? entry : $"{entry} on another thread");
}

public interface IDiaristGrain : IGrainWithStringKey
{
    Task Begin();

    [Concurrency.AlwaysInterleave]
    Task<int> Ask();
}

[GenerateSerializer, Immutable]
public sealed record Memory([property: Id(0)] int Ticks);

internal sealed class DiaristGrain([PersistentState("diary")] IPersistentState<Memory> memory, Diary diary, TimeProvider clock) : Grain, IDiaristGrain
{
    private IGrainTimer? _timer;

    private string Key => this.GetPrimaryKeyString();

    public async Task Begin()
    {
        _timer = this.RegisterGrainTimer(Tick, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        await Task.Yield();
        await Task.Delay(TimeSpan.FromSeconds(0), clock);
        var next = await GrainFactory.GetGrain<IDiaristGrain>($"{(int.Parse(Key, null) + 1) % 40}").Ask();
        diary.Write($"{Key} began, its neighbour remembers {next}");
    }

    public async Task<int> Ask()
    {
        await Task.Yield();
        return memory.State.Ticks;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        diary.Write($"{Key} remembered {memory.State.Ticks} ticks");
        return Task.CompletedTask;
    }

    private async Task Tick()
    {
        diary.Write($"{Key} tick");
        memory.State = new(memory.State.Ticks + 1);
        await memory.WriteStateAsync();
        if (memory.State.Ticks == 3)
        {
            _timer!.Dispose();
        }
    }
}
