using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Simulation.Checking;
using Wuts.Simulation.Clients;
using Wuts.Simulation.Internet;
using Wuts.Simulation.Network;
using Wuts.Simulation.Storage;
using Wuts.Simulation.Variants;
using Wuts.Testing.Checking;
using Wuts.Testing.Memory;

namespace Wuts.Simulation.World;

/// <summary>
/// One run of everything: tenants at work on a cluster in trouble, then peace until nothing is left to do, then judgement.
/// </summary>
#pragma warning disable CA1001 // the receivers are a message handler, with nothing in it to dispose of
internal sealed class SimulatedWorld
#pragma warning restore CA1001
{
    // In many worlds a day ends in the midst of it.
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 23, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromDays(12);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    private readonly Orleans.InProcess.Simulation.Simulation _simulation;
    private readonly FaultPlan _faults;
    private readonly Journal _journal;
    private readonly SimulatedNode _driver;
    private readonly Workload _workload;
    private readonly Database _database;
    private readonly WhatsApp _network;
    private readonly Receivers _receivers;
    private readonly CommitLog _commits;
    private readonly Client _client;
    private readonly Fleet _fleet;
    private readonly Tenancy _tenancy;
    private readonly Trouble _trouble;
    private readonly Wishes _wishes;
    private readonly Limits _limits;
    private readonly PoolLog _pool;

    private SimulatedWorld(int seed, Variant variant, IReadOnlySet<Fault>? only)
    {
        _simulation = new(seed, Start);
        _faults = new(seed, only);
        _journal = new(_simulation);
        _driver = _simulation.AddNode("driver");
        _limits = Limits.Draw(_simulation.Chance("limits"));
        _pool = new(_limits);
        _workload = new(_simulation.Chance("workload"), _simulation.Chance("categories"), _limits, _simulation.Chance("crowds"));
        _database = new(_simulation.AddNode("database"), _faults, _simulation.Chance("database"));
        _network = new(_simulation.AddNode("network"), _faults, _simulation.Chance("network"), _journal);
        _receivers = new(_simulation.AddNode("receivers"), _faults, _simulation.Chance("receivers"), _journal);
        _commits = variant.NewCommitLog(_database, _journal);
        var setup = new SiloSetup(_database, _network, _receivers, _faults, _commits, _limits, _pool, _simulation.Chance("silos"), _journal, variant);
        var calls = new CallTimes(_faults, _simulation.Chance("calls"));
        var cluster = setup.Cluster = new SimulatedCluster(_simulation, setup.Configure, calls.Of);
        _fleet = new(_simulation, cluster, _driver, _simulation.Chance("fleet"), _journal);
        _client = variant.NewClient(_simulation.AddNode("clients"), _fleet.AnyGateway, _simulation.Chance("clients"), _journal);
        _tenancy = new(_driver, _workload, _limits, _database, _network, cluster.NewClient(_driver, new ServiceCollection().BuildServiceProvider()), _simulation.Chance("tenants"));
        _wishes = new(
            _driver, _workload, _database, _network, cluster.NewClient(_driver, new ServiceCollection().BuildServiceProvider()), _simulation.Chance("wishes"));
        _trouble = new(_driver, _faults, _fleet, cluster, _database, _network, _receivers, _tenancy, _simulation.Chance("trouble"));

        var checker = new StepChecker(_database.Tables, violation => _simulation.Fail(new ViolationException(violation)));
        _network.ChooseSink = _fleet.AnySink;
        _network.OnTaken = checker.OnTaken;
        _commits.OnStored = checker.OnStored;
        _client.OnAnswered = checker.OnAnswered;
    }

    /// <summary>Runs a seed to its end, or to the first step that breaks a promise.</summary>
    /// <param name="only">The faults that may strike; <c>null</c> for all that the seed has.</param>
    public static Outcome Run(int seed, Variant variant, IReadOnlySet<Fault>? only = null)
    {
        var world = new SimulatedWorld(seed, variant, only);
        ImmutableArray<Violation> violations;
        try
        {
            violations = world._simulation.Run(world._driver.Run(world.Live), Patience)
                ? Checker.Check(world.Write())
                : [new(Invariant.NoneLost, world.FirstUnfinished, $"The world has not become calm within {Patience.TotalDays} days: {world.Unrest}.")];
        }
        catch (SimulationException e) when (e.InnerException is ViolationException { Violation: var violation })
        {
            violations = [violation];
        }
        return world.Judge(violations);
    }

    private async Task Live()
    {
        await _tenancy.Settle();
        await _wishes.Settle();
        await _fleet.Start();
        foreach (var device in _tenancy.Devices)
        {
            await _tenancy.BringBack(device);
        }

        _journal.Write("world", "begins");
        _driver.Start(Work);
        _driver.Start(() => _wishes.Stir(_workload.Span));
        await _trouble.Stir(_workload.Span);
        _journal.Write("world", "calms down");
        _trouble.Heal();
        while (!IsCalm)
        {
            await Task.Delay(Look, _driver.Clock);
        }
    }

    private async Task Work()
    {
        var start = _driver.Clock.GetUtcNow();
        foreach (var send in _workload.Sends)
        {
            if (start + send.At - _driver.Clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _driver.Clock);
            }

            _client.Begin(send.Request);
        }
    }

    private string? FirstUnfinished => _database.Tables.Messages.FirstOrDefault(IsUnfinished)?.Envelope.Id;

    private string Unrest => string.Create(CultureInfo.InvariantCulture,
        $"{_client.Busy} clients wait, {_network.Undelivered} events are not taken, {_tenancy.Away} owners are busy, {_database.Tables.Messages.Count(IsUnfinished)} messages have not ended, behind are the endpoints [{string.Join(", ", _database.Tables.Read(tables => tables.Webhooks.Rows.Where(IsBehind).Select(Describe).ToArray()))}]");

    private static string Describe(EndpointRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Endpoint.Id} at {row.Watermark} of {row.Events.Count} with {row.Retries.Values.Count(retry => retry.NextAttemptAt is not null)} retries");

    // What never ends shows here: the world never becomes calm, and its patience runs out.
    private bool IsCalm => _client.Busy == 0 && _network.Undelivered == 0 && _tenancy.Away == 0 && _database.Tables.Read(tables =>
        !tables.Messages.Rows.Any(row => IsUnfinished(row.Message)) && !tables.Webhooks.Rows.Any(IsBehind));

    private static bool IsUnfinished(Message message) => message.State switch
    {
        MessageState.Queued or MessageState.Dispatching => true,
        MessageState.Uncertain or MessageState.Sent => message.OverdueAt is null,
        _ => false,
    };

    private static bool IsBehind(EndpointRow row) =>
        row.Endpoint.Enabled && (row.Watermark < row.Events.Count || row.Retries.Values.Any(retry => retry.NextAttemptAt is not null));

    private History Write() => new Historian(_client, _network, _receivers, _database, _commits, _tenancy, _wishes, _limits, _pool, Start).Write();

    private Outcome Judge(ImmutableArray<Violation> violations) => new()
    {
        Seed = _simulation.Seed,
        Violations = violations,
        Step = _simulation.Step,
        Fingerprint = _simulation.Fingerprint,
        Faults = _faults.Struck,
        Journal = _journal.ToString(),
        History = Write(),
        Statistics = new()
        {
            Runs = 1,
            Steps = _simulation.Step,
            Messages = _database.Tables.Messages.Length,
            Uncertain = _database.Tables.Messages.Count(message => message.UncertainAt is not null),
            Disturbances = _fleet.Disturbances,
            Faults = _faults.Struck.Length,
            RepeatedEvents = _network.Repeated,
            Doubled = _network.Log.Count - _network.Log.DistinctBy(taken => taken.Id).Count(),
            RefusedByFence = _commits.Fenced.Count(write => !write.Stored && write.Epoch != write.CurrentEpoch),
            WebhookTries = _receivers.Tries.Count,
            VirtualTime = _simulation.Elapsed,
        },
    };
}
