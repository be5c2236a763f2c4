using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Delivery;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

/// <summary>For databases that many processes share.</summary>
public abstract class ManyProcessesContract(StorageFixture storage)
{
    [StorageFact]
    public async Task Two_processes_number_the_events_of_one_endpoint_without_gaps()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var processes = new[] { storage.Messages, storage.StartProcess().GetRequiredService<IMessageStore>() };

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var accepted = NewAcceptance(device, i);
            Assert.Equal(WriteOutcome.Written, await processes[i % 2].WriteAsync(accepted, fenced: true));
            Assert.Equal(WriteOutcome.Written, await processes[(i + 1) % 2].WriteAsync(accepted.Sent(), fenced: false));
        }));

        var events = await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 1000);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), events.Select(e => e.Sequence));
    }

    [StorageFact]
    public async Task Two_processes_that_race_for_the_same_transitions_write_each_once()
    {
        var device = await storage.NewDeviceAsync();
        var other = storage.StartProcess().GetRequiredService<IMessageStore>();
        var accepted = Enumerable.Range(0, 100).Select(i => NewAcceptance(device, i)).ToArray();

        var inserts = await Task.WhenAll(accepted.Select(a => BothAsync(a)));
        var updates = await Task.WhenAll(accepted.Reverse().Select(a => BothAsync(a.Sent())));

        Assert.All(inserts.Concat(updates), outcomes => Assert.Single(outcomes, outcome => outcome == WriteOutcome.Written));
        Assert.Equal(300, await storage.CountTimelineAsync(device.TenantId));

        Task<WriteOutcome[]> BothAsync(Transition transition) =>
            Task.WhenAll(storage.Messages.WriteAsync(transition, fenced: false), other.WriteAsync(transition, fenced: false));
    }
}

public sealed class MemoryManyProcessesTests(MemoryStorage storage) : ManyProcessesContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlManyProcessesTests(PostgreSqlStorage storage) : ManyProcessesContract(storage), IClassFixture<PostgreSqlStorage>;
