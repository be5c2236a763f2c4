using System.Collections.Immutable;
using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class MessageStoreContract(StorageFixture storage)
{
    [StorageFact]
    public async Task A_message_comes_back_as_it_was_written()
    {
        var device = await storage.NewDeviceAsync();
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var written = Arbitrary(NewEnvelope(device), random);
            await storage.WriteAsync(new Transition(written, [], []));

            var read = await storage.Messages.FindAsync(device.TenantId, written.Envelope.Id);

            // Contents hold arrays, which compare by reference.
            Assert.Equal(JsonSerializer.Serialize(written.Envelope.Content), JsonSerializer.Serialize(read!.Envelope.Content));
            Assert.Equal(written with { Envelope = written.Envelope with { Content = read.Envelope.Content } }, read);
        }
    }

    [StorageFact]
    public async Task Times_are_kept_to_the_microsecond_and_durations_to_the_millisecond()
    {
        var device = await storage.NewDeviceAsync();
        var envelope = NewEnvelope(device) with
        {
            AcceptedAt = T0.AddTicks(19), DueAt = T0.AddTicks(9), Typing = TimeSpan.FromTicks(19_999),
        };
        var accepted = await storage.WriteAsync(Message.Accept(envelope, 1, claim: true));
        await storage.WriteAsync(accepted.Sent(T0.AddTicks(29)));

        var read = await storage.Messages.FindAsync(device.TenantId, envelope.Id);
        var timeline = await storage.Messages.ReadTimelineAsync(device.TenantId, envelope.Id);

        Assert.Equal(
            (T0.AddTicks(10), T0, TimeSpan.FromMilliseconds(1), T0.AddTicks(20)),
            (read!.Envelope.AcceptedAt, read.Envelope.DueAt, read.Envelope.Typing, read.Delivery.SentAt));
        Assert.Equal([T0.AddTicks(10), T0.AddTicks(10), T0.AddTicks(20)], timeline.Select(line => line.At));
    }

    [StorageFact]
    public async Task What_was_accepted_is_never_changed_by_a_later_version()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await storage.WriteAsync(NewAcceptance(device));
        var sent = accepted.Sent();
        var forged = sent with { Message = sent.Message with { Envelope = sent.Message.Envelope with { Position = 99, UserId = "user-9" } } };

        await storage.WriteAsync(forged);

        var read = await storage.Messages.FindAsync(device.TenantId, accepted.Message.Envelope.Id);
        Assert.Equal((1, "user-1", MessageState.Sent), (read!.Envelope.Position, read.Envelope.UserId, read.State));
    }

    [StorageFact]
    public async Task Every_transition_is_found_with_its_timeline_in_order()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await storage.WriteAsync(NewAcceptance(device), fenced: true);
        var sent = await storage.WriteAsync(accepted.Sent());
        var read = await storage.WriteAsync(sent.Message.Apply(
            [new DeliveryEvent(DeliveryStage.Read, T0.AddSeconds(9)), new DeliveryEvent(DeliveryStage.Delivered, T0.AddSeconds(8))])!);

        var found = await storage.Messages.FindAsync(device.TenantId, accepted.Message.Envelope.Id);
        var timeline = await storage.Messages.ReadTimelineAsync(device.TenantId, accepted.Message.Envelope.Id);

        Assert.Equal((3, MessageState.Read, T0.AddSeconds(8)), (found!.Version, found.State, found.Delivery.DeliveredAt));
        Assert.Equal(accepted.Timeline.Concat(sent.Timeline).Concat(read.Timeline), timeline);
    }

    [StorageFact]
    public async Task A_second_insert_of_an_id_is_a_conflict()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await storage.WriteAsync(NewAcceptance(device));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => storage.Messages.WriteAsync(accepted, fenced: false)));

        Assert.All(outcomes, outcome => Assert.Equal(WriteOutcome.Conflict, outcome));
    }

    [StorageFact]
    public async Task A_version_conflict_fails_its_own_row_and_no_other()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(1, 40).Select(position => storage.WriteAsync(NewAcceptance(device, position))));
        var stale = new[] { 3, 17, 39 };
        foreach (var i in stale)
        {
            await storage.WriteAsync(accepted[i].Sent());
        }

        var outcomes = await Task.WhenAll(accepted.Select(before => storage.Messages.WriteAsync(before.Sent(), fenced: false)));

        for (var i = 0; i < outcomes.Length; i++)
        {
            Assert.Equal(stale.Contains(i) ? WriteOutcome.Conflict : WriteOutcome.Written, outcomes[i]);
        }
    }

    [StorageFact]
    public async Task A_version_that_skips_one_is_a_conflict_and_makes_no_row()
    {
        var device = await storage.NewDeviceAsync();
        var missing = NewAcceptance(device).Sent();
        var accepted = await storage.WriteAsync(NewAcceptance(device));
        var skipping = accepted.Sent().Reached(DeliveryStage.Delivered);

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(missing, fenced: false));
        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(skipping, fenced: false));

        Assert.Null(await storage.Messages.FindAsync(device.TenantId, missing.Message.Envelope.Id));
        Assert.Equal(1, (await storage.Messages.FindAsync(device.TenantId, accepted.Message.Envelope.Id))!.Version);
    }

    [StorageFact]
    public async Task A_conflict_leaves_no_timeline_no_event_and_no_count()
    {
        var device = await storage.NewDeviceAsync();
        var endpoint = await storage.SubscribeAsync(device);
        var accepted = await storage.WriteAsync(NewAcceptance(device));
        await storage.WriteAsync(accepted.Sent());

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(accepted.Sent(T0.AddSeconds(30)), fenced: false));
        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(NewAcceptance(device, epoch: 0), fenced: true));
        var counts = await storage.CountsOfAsync(device.TenantId, "accepted", "sent");

        Assert.Equal(3, await storage.CountTimelineAsync(device.TenantId));
        Assert.Single(await storage.Webhooks.ReadAfterAsync(device.TenantId, endpoint.Id, 0, 10));
        Assert.Equal([1, 1], Assert.Single(counts));
    }

    [StorageFact]
    public async Task A_stale_epoch_is_refused_for_an_acceptance_and_a_claim_while_others_are_written()
    {
        var device = await storage.NewDeviceAsync();
        var other = await storage.NewDeviceAsync(device.TenantId);
        var waiting = await storage.WriteAsync(NewAcceptance(device, claim: false), fenced: true);
        await storage.Devices.RaiseEpochAsync(device);

        var outcomes = await Task.WhenAll(
            storage.Messages.WriteAsync(NewAcceptance(device, epoch: 1), fenced: true),
            storage.Messages.WriteAsync(waiting.Message.Claim(1, T0)!, fenced: true),
            storage.Messages.WriteAsync(NewAcceptance(other, epoch: 1), fenced: true),
            storage.Messages.WriteAsync(NewAcceptance(device, epoch: 2), fenced: true),
            storage.Messages.WriteAsync(NewAcceptance(device, epoch: 1), fenced: false));

        Assert.Equal(
            [WriteOutcome.Conflict, WriteOutcome.Conflict, WriteOutcome.Written, WriteOutcome.Written, WriteOutcome.Written], outcomes);
        Assert.Equal(WriteOutcome.Written, await storage.Messages.WriteAsync(waiting.Message.Claim(2, T0)!, fenced: true));
    }

    [StorageFact]
    public async Task A_fenced_write_for_a_device_that_is_gone_is_a_conflict()
    {
        var device = await storage.NewDeviceAsync();
        var accepted = await storage.WriteAsync(NewAcceptance(device));
        await storage.Devices.DeleteAsync(device);

        Assert.Equal(WriteOutcome.Conflict, await storage.Messages.WriteAsync(NewAcceptance(device), fenced: true));
        Assert.NotNull(await storage.Messages.FindAsync(device.TenantId, accepted.Message.Envelope.Id));
    }

    [StorageFact]
    public async Task No_fenced_write_under_the_old_epoch_is_stored_after_it_was_raised()
    {
        var device = await storage.NewDeviceAsync();
        for (var epoch = 1; epoch <= 10; epoch++)
        {
            var writes = Enumerable.Range(0, 50).Select(i => storage.Messages.WriteAsync(NewAcceptance(device, i, epoch), fenced: true)).ToArray();
            await storage.Devices.RaiseEpochAsync(device);
            var stored = await storage.CountMessagesAsync(device.TenantId);
            await Task.WhenAll(writes);

            Assert.Equal(stored, await storage.CountMessagesAsync(device.TenantId));
        }
    }

    private static Message Arbitrary(MessageEnvelope envelope, Random random) => new()
    {
        Envelope = envelope with
        {
            AcceptedAt = Time(random),
            DueAt = Time(random).ToOffset(TimeSpan.FromHours(-3)),
            Position = random.NextInt64(),
            TraceParent = random.Next(2) == 0 ? null : ATraceParent,
            Category = (Category)random.Next(4),
            Typing = TimeSpan.FromMilliseconds(random.Next(90_000)),
            Content = random.Next(2) == 0 ? envelope.Content : new TextContent(new string('x', 4096), ImmutableArray<string>.Empty),
        },
        Version = 1,
        Epoch = random.NextInt64(),
        Attempt = random.Next(),
        Dispatch = Enum.GetValues<MessageState>()[random.Next(8)],
        NotBefore = Maybe(random, Time),
        ProviderId = random.Next(2) == 0 ? null : "wamid.HBgN",
        Delivery = new MessageDelivery
        {
            SentAt = Maybe(random, Time),
            FailedAt = Maybe(random, Time),
            Failure = random.Next(2) == 0 ? null : AFailure,
            DeliveredAt = Maybe(random, Time),
            ReadAt = Maybe(random, Time),
            PlayedAt = Maybe(random, Time),
        },
        LastFailure = random.Next(2) == 0 ? null : AFailure with { Class = FailureClass.Transient, Retryable = true },
        UncertainAt = Maybe(random, Time),
        OverdueAt = Maybe(random, Time),
    };

    private static DateTimeOffset Time(Random random) => T0.AddMicroseconds(random.NextInt64(1L << 40));

    private static DateTimeOffset? Maybe(Random random, Func<Random, DateTimeOffset> time) => random.Next(2) == 0 ? null : time(random);
}

public sealed class SqliteMessageStoreTests(SqliteStorage storage) : MessageStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryMessageStoreTests(MemoryStorage storage) : MessageStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlMessageStoreTests(PostgreSqlStorage storage) : MessageStoreContract(storage), IClassFixture<PostgreSqlStorage>;
