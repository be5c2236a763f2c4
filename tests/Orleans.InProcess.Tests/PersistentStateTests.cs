using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class PersistentStateTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private IAccountGrain Grain => silo.Grains.GetGrain<IAccountGrain>(_key);

    [Fact]
    public async Task A_grain_without_a_record_starts_with_a_new_state()
    {
        Assert.Equal(new Record(Balance: 0, Exists: false, HasEtag: false), await Grain.Look());
    }

    [Fact]
    public async Task What_was_written_is_there_for_the_next_activation()
    {
        await Grain.Deposit(5, write: true);
        await silo.Cluster.DeactivateAsync(Grain);

        Assert.Equal(new Record(Balance: 5, Exists: true, HasEtag: true), await Grain.Look());
    }

    [Fact]
    public async Task What_was_not_written_is_gone_with_the_activation()
    {
        await Grain.Deposit(5, write: true);
        await Grain.Deposit(5, write: false);
        await silo.Cluster.DeactivateAsync(Grain);

        Assert.Equal(5, (await Grain.Look()).Balance);
    }

    [Fact]
    public async Task Reading_replaces_what_was_not_written()
    {
        await Grain.Deposit(5, write: true);
        await Grain.Deposit(5, write: false);

        await Grain.Read();

        Assert.Equal(5, (await Grain.Look()).Balance);
    }

    [Fact]
    public async Task Clearing_removes_the_record_and_leaves_a_new_state()
    {
        await Grain.Deposit(5, write: true);

        await Grain.Clear();

        Assert.Equal(new Record(Balance: 0, Exists: false, HasEtag: false), await Grain.Look());
        await Grain.Deposit(7, write: true);
        Assert.Equal(7, (await Grain.Look()).Balance);
    }

    [Fact]
    public async Task Writing_a_record_that_somebody_else_wrote_fails_and_deactivates_the_grain()
    {
        await Grain.Deposit(5, write: true);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Grain.WriteBehindItsBackAndThenItself());

        await silo.Probe.Reached($"{_key} deactivated");
        Assert.Equal(100, (await Grain.Look()).Balance);
    }

    [Fact]
    public async Task A_caller_that_lets_the_conflict_of_another_grain_through_is_not_deactivated()
    {
        await Grain.Deposit(5, write: true);
        var caller = silo.Grains.GetGrain<IAccountGrain>(SiloFixture.NewKey());
        await caller.Deposit(1, write: false);

        await Assert.ThrowsAsync<InconsistentStateException>(() => caller.CauseConflictIn(_key));

        Assert.Equal(1, (await caller.Look()).Balance);
    }

    [Fact]
    public async Task A_conflict_that_the_grain_handles_does_not_deactivate_it()
    {
        await Grain.Deposit(5, write: true);
        await Grain.HandleConflict();

        Assert.Equal(101, (await Grain.Look()).Balance);
        Assert.False(silo.Probe.Has($"{_key} deactivated"));
    }

    [Fact]
    public async Task Writes_asked_for_at_the_same_time_do_not_conflict_with_each_other()
    {
        await Grain.WriteAtOnce(10);
        await silo.Cluster.DeactivateAsync(Grain);

        Assert.Equal(10, (await Grain.Look()).Balance);
    }
}

[GenerateSerializer]
public sealed class Account
{
    [Id(0)]
    public int Balance { get; set; }
}

[GenerateSerializer, Immutable]
public sealed record Record([property: Id(0)] int Balance, [property: Id(1)] bool Exists, [property: Id(2)] bool HasEtag);

public interface IAccountGrain : IGrainWithStringKey
{
    Task<Record> Look();

    Task Deposit(int amount, bool write);

    Task Read();

    Task Clear();

    Task WriteBehindItsBackAndThenItself();

    Task CauseConflictIn(string other);

    Task HandleConflict();

    Task WriteAtOnce(int times);
}

internal sealed class AccountGrain(
    [PersistentState("account")] IPersistentState<Account> account, IGrainStorage storage, Probe probe) : Grain, IAccountGrain
{
    public Task<Record> Look() => Task.FromResult(new Record(account.State.Balance, account.RecordExists, account.Etag is not null));

    public Task Deposit(int amount, bool write)
    {
        account.State.Balance += amount;
        return write ? account.WriteStateAsync() : Task.CompletedTask;
    }

    public Task Read() => account.ReadStateAsync();

    public Task Clear() => account.ClearStateAsync();

    public async Task WriteBehindItsBackAndThenItself()
    {
        await WriteBehindItsBack();
        account.State.Balance++;
        await account.WriteStateAsync();
    }

    public Task CauseConflictIn(string other) => GrainFactory.GetGrain<IAccountGrain>(other).WriteBehindItsBackAndThenItself();

    public async Task HandleConflict()
    {
        try
        {
            await WriteBehindItsBackAndThenItself();
        }
        catch (InconsistentStateException)
        {
            await account.ReadStateAsync();
            account.State.Balance++;
            await account.WriteStateAsync();
        }
    }

    public async Task WriteAtOnce(int times)
    {
        var writes = new List<Task>();
        for (var i = 0; i < times; i++)
        {
            account.State.Balance++;
            writes.Add(account.WriteStateAsync());
        }

        await Task.WhenAll(writes);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Set($"{this.GetPrimaryKeyString()} deactivated");
        return Task.CompletedTask;
    }

    private async Task WriteBehindItsBack()
    {
        var record = new GrainState<Account>();
        await storage.ReadStateAsync("account", this.GetGrainId(), record);
        record.State!.Balance = 100;
        await storage.WriteStateAsync("account", this.GetGrainId(), record);
    }
}
