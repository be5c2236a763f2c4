using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Storage;

namespace Wuts.Deploy.Tests.Runbooks;

/// <summary>What the runbooks change in the database is what the program understands.</summary>
public sealed class OperatorSqlTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static readonly DateTimeOffset AtBackup = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset AtFailure = AtBackup.AddHours(1);

    private IMessageStore Messages => database.Get<IMessageStore>();

    private IDeviceStore Devices => database.Get<IDeviceStore>();

    [PsqlFact]
    public async Task After_a_restore_what_may_have_left_is_in_doubt_and_only_evidence_sends_it()
    {
        var device = await NewDeviceAsync();
        var waiting = await AcceptAsync(device, AtBackup, 1);

        RunRestore(device);

        var doubtful = (await Messages.FindAsync(device.TenantId, waiting))!;
        Assert.Equal((MessageState.Uncertain, true, true), (doubtful.State, doubtful.IsOpen, doubtful.NeedsAttention));
        var unsent = Assert.Single(await Messages.ListUnsentAsync(device, long.MinValue, 10));
        Assert.Equal((waiting, MessageState.Uncertain), (unsent.Id, unsent.State));
        Assert.Null(doubtful.Claim(doubtful.Epoch, AtFailure));

        var settled = doubtful.Record(unsent.Epoch, unsent.Attempt, new DispatchOutcome.NotTaken(), AtFailure)!;
        Assert.Equal(WriteOutcome.Written, await Messages.WriteAsync(settled, fenced: false));
        Assert.Equal(MessageState.Queued, settled.Message.State);
        Assert.Equal(waiting, settled.Message.ProviderId);
    }

    [PsqlFact]
    public async Task After_a_restore_what_had_left_is_settled_by_the_networks_word()
    {
        var device = await NewDeviceAsync();
        var waiting = await AcceptAsync(device, AtBackup, 1);

        RunRestore(device);

        var doubtful = (await Messages.FindAsync(device.TenantId, waiting))!;
        var settled = doubtful.Record(doubtful.Epoch, doubtful.Attempt, new DispatchOutcome.Accepted(waiting, AtFailure), AtFailure)!;
        Assert.Equal(WriteOutcome.Written, await Messages.WriteAsync(settled, fenced: false));
        Assert.Equal(MessageState.Sent, settled.Message.State);
        Assert.Equal(
            [TimelineKind.Accepted, TimelineKind.Uncertain, TimelineKind.Sent],
            (await Messages.ReadTimelineAsync(device.TenantId, waiting)).Select(entry => entry.Kind));
    }

    [PsqlFact]
    public async Task After_a_restore_what_was_not_due_before_the_failure_stays_queued()
    {
        var device = await NewDeviceAsync();
        var later = await AcceptAsync(device, AtFailure.AddMinutes(1), 1);

        RunRestore(device);

        Assert.Equal(MessageState.Queued, (await Messages.FindAsync(device.TenantId, later))!.State);
    }

    [PsqlFact]
    public async Task After_a_restore_a_forgotten_process_is_refused()
    {
        var device = await NewDeviceAsync();

        RunRestore(device);

        Assert.Equal(WriteOutcome.Conflict, await Messages.WriteAsync(NewAcceptance(device, AtFailure, 2, epoch: 57), fenced: true));
    }

    [PsqlFact]
    public async Task A_paused_device_stays_paused_and_its_running_activation_is_refused()
    {
        var device = await NewDeviceAsync();
        var pause = Assert.Single(SqlTests.BlocksOf("runbooks/tenant-floods.md"), sql => sql.Contains("'paused'", StringComparison.Ordinal));

        Psql.Run(database.ConnectionString, pause, device.TenantId, device.DeviceId, AtFailure);

        Assert.Equal(WriteOutcome.Conflict, await Messages.WriteAsync(NewAcceptance(device, AtBackup, 1, epoch: 1), fenced: true));
        var successor = (await Devices.RaiseEpochAsync(device))!;
        Assert.Equal(DeviceState.Paused, successor.Session.State);
        Assert.False(successor.Session.ShouldConnect(AtFailure));
    }

    private void RunRestore(DeviceKey device)
    {
        var restore = Assert.Single(SqlTests.BlocksOf("runbooks/restore-a-backup.md"), sql => sql.Contains("COMMIT", StringComparison.Ordinal));
        Psql.Run(database.ConnectionString, restore, device.TenantId, device.DeviceId, AtFailure);
        Psql.Run(database.ConnectionString, restore, device.TenantId, device.DeviceId, AtFailure); // it may be repeated
    }

    private async Task<DeviceKey> NewDeviceAsync()
    {
        var device = new Device
        {
            TenantId = Guid.NewGuid().ToString(),
            Id = Guid.NewGuid().ToString(),
            UserId = "user-1",
            Name = "Front desk",
            Transport = "simulator",
            Epoch = 1,
            Session = DeviceSession.New(AtBackup),
            CreatedAt = AtBackup,
            UpdatedAt = AtBackup,
        };
        await Devices.CreateAsync(device);
        return device.Key;
    }

    private async Task<string> AcceptAsync(DeviceKey device, DateTimeOffset due, long position)
    {
        var accepted = NewAcceptance(device, due, position, epoch: 1);
        Assert.Equal(WriteOutcome.Written, await Messages.WriteAsync(accepted, fenced: true));
        return accepted.Message.Envelope.Id;
    }

    private static Transition NewAcceptance(DeviceKey device, DateTimeOffset due, long position, long epoch) => Message.Accept(
        new MessageEnvelope
        {
            Id = MessageId.FromOperation(device.TenantId, $"{position}"),
            TenantId = device.TenantId,
            DeviceId = device.DeviceId,
            UserId = "user-1",
            ChatJid = "5511999990001@s.whatsapp.net",
            Content = new TextContent("Hello", [], null),
            Fingerprint = "f1",
            AcceptedAt = AtBackup,
            DueAt = due,
            Typing = TimeSpan.Zero,
            Position = position,
        },
        epoch,
        claim: false);
}
