using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Wuts.Testing;

namespace Wuts.Cluster.Tests.Providers;

/// <summary>The table of grain state. A grain that writes over what it has not read is stopped.</summary>
public sealed class GrainStorageTests(GrainStorageTests.StorageSilo silo) : IClassFixture<GrainStorageTests.StorageSilo>
{
    private const string State = "pace";
    private static readonly GrainType Device = GrainType.Create("device");

    [PostgreSqlFact]
    public async Task What_was_never_written_is_read_as_new()
    {
        var read = await ReadAsync(Grain("new"));

        Assert.Equal((0, null, false), (read.State!.Rate, read.ETag, read.RecordExists));
    }

    [PostgreSqlFact]
    public async Task What_was_written_is_read_and_written_again()
    {
        var written = new GrainState<Pace>(new(5, "não há ☎"));
        await silo.Storage.WriteStateAsync(State, Grain("again"), written);
        var first = await ReadAsync(Grain("again"));
        Assert.Equal(new(5, "não há ☎"), first.State);

        first.State = new(6, null);
        await silo.Storage.WriteStateAsync(State, Grain("again"), first);
        var second = await ReadAsync(Grain("again"));

        Assert.True(written.RecordExists);
        Assert.Equal(6, second.State!.Rate);
        Assert.NotEqual(written.ETag, first.ETag);
        Assert.Equal((first.ETag, true), (second.ETag, second.RecordExists));
    }

    [PostgreSqlFact]
    public async Task A_write_over_what_was_not_read_is_refused()
    {
        var grain = Grain("stale");
        await silo.Storage.WriteStateAsync(State, grain, new GrainState<Pace>(new(1, null)));
        var (mine, theirs) = (await ReadAsync(grain), await ReadAsync(grain));
        theirs.State = new(2, null);
        await silo.Storage.WriteStateAsync(State, grain, theirs);

        mine.State = new(3, null);
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(State, grain, mine));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.ClearStateAsync(State, grain, mine));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(State, grain, new GrainState<Pace>(new(4, null))));

        Assert.Equal(2, (await ReadAsync(grain)).State!.Rate);
    }

    [PostgreSqlFact]
    public async Task Of_first_writes_at_the_same_moment_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 16).Select(rate => TryWriteAsync(Grain("race"), new GrainState<Pace>(new(rate, null)))));

        var winner = Assert.Single(outcomes, outcome => outcome is not null);
        Assert.Equal(winner, (await ReadAsync(Grain("race"))).State!.Rate);
    }

    [PostgreSqlFact]
    public async Task Of_later_writes_at_the_same_moment_one_wins()
    {
        var grain = Grain("later-race");
        await silo.Storage.WriteStateAsync(State, grain, new GrainState<Pace>(new(1, null)));
        var readers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ReadAsync(grain)));

        var outcomes = await Task.WhenAll(readers.Select((reader, i) =>
        {
            reader.State = new(100 + i, null);
            return TryWriteAsync(grain, reader);
        }));

        var winner = Assert.Single(outcomes, outcome => outcome is not null);
        Assert.Equal(winner, (await ReadAsync(grain)).State!.Rate);
    }

    [PostgreSqlFact]
    public async Task What_was_cleared_is_read_as_new_and_an_old_etag_stays_wrong()
    {
        var grain = Grain("cleared");
        var state = new GrainState<Pace>(new(7, null));
        await silo.Storage.WriteStateAsync(State, grain, state);
        var old = await ReadAsync(grain);
        await silo.Storage.ClearStateAsync(State, grain, state);

        var read = await ReadAsync(grain);
        Assert.False(state.RecordExists);
        Assert.Equal(0, read.State!.Rate);
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(State, grain, old));

        read.State = new(8, null);
        await silo.Storage.WriteStateAsync(State, grain, read);
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(State, grain, old));
        Assert.Equal(8, (await ReadAsync(grain)).State!.Rate);
    }

    [PostgreSqlFact]
    public async Task Storage_that_removes_what_is_cleared_needs_the_current_etag_and_begins_anew()
    {
        var grain = Grain("removed");
        var state = new GrainState<Pace>(new(7, null));
        await silo.RemovingStorage.WriteStateAsync(State, grain, state);
        var stale = new GrainState<Pace>(state.State, state.ETag);
        await silo.RemovingStorage.WriteStateAsync(State, grain, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.RemovingStorage.ClearStateAsync(State, grain, stale));
        await silo.RemovingStorage.ClearStateAsync(State, grain, state);

        var read = await ReadAsync(grain);
        Assert.Equal((0, null, false), (read.State!.Rate, read.ETag, read.RecordExists));
        await silo.RemovingStorage.WriteStateAsync(State, grain, read);
    }

    // But for texts that read as the same hexadecimal number, such as "a", "A" and "0a": the provider takes them for numbers.
    [PostgreSqlFact]
    public async Task No_two_keys_share_a_state()
    {
        var guid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        GrainId[] grains =
        [
            Grain("x"), Grain("X"), Grain("ação/número ☎"), Grain("acao/numero"), Grain(new string('x', 2000)), Grain(new string('x', 2001)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateIntegerKey(0)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateIntegerKey(0, "x")), // its parts are those of the text "x"
            GrainId.Create(Device, GrainIdKeyExtensions.CreateIntegerKey(long.MaxValue)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateIntegerKey(long.MinValue)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateIntegerKey(-1, "x")),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateGuidKey(Guid.Empty)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateGuidKey(guid)),
            GrainId.Create(Device, GrainIdKeyExtensions.CreateGuidKey(guid, "x")),
        ];
        for (var i = 0; i < grains.Length; i++)
        {
            await silo.Storage.WriteStateAsync("keys", grains[i], new GrainState<Pace>(new(i, null)));
            await silo.Storage.WriteStateAsync("other-name", grains[i], new GrainState<Pace>(new(-i, null)));
        }

        for (var i = 0; i < grains.Length; i++)
        {
            Assert.Equal(i, (await ReadAsync(grains[i], "keys")).State!.Rate);
            Assert.Equal(-i, (await ReadAsync(grains[i], "other-name")).State!.Rate);
        }
    }

    private static GrainId Grain(string key) => GrainId.Create(Device, IdSpan.Create(key));

    private async Task<GrainState<Pace>> ReadAsync(GrainId grain, string name = State)
    {
        var state = new GrainState<Pace>();
        await silo.Storage.ReadStateAsync(name, grain, state);
        return state;
    }

    private async Task<int?> TryWriteAsync(GrainId grain, GrainState<Pace> state)
    {
        try
        {
            await silo.Storage.WriteStateAsync(State, grain, state);
            return state.State!.Rate;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    /// <summary>A silo on a database of its own, for its storage.</summary>
    public sealed class StorageSilo : IAsyncLifetime
    {
        private readonly ClusterDatabase _database = new();
        private IHost? _host;

        public IGrainStorage Storage => _host!.Services.GetRequiredService<IGrainStorage>();

        public IGrainStorage RemovingStorage => _host!.Services.GetRequiredKeyedService<IGrainStorage>(TestSilo.RemovingStorage);

        public async Task InitializeAsync()
        {
            await _database.InitializeAsync();
            if (PostgreSqlServer.UnavailableBecause is null)
            {
                _host = await TestSilo.StartAsync(_database.ConnectionString, "storage");
            }
        }

        public async Task DisposeAsync()
        {
            if (_host is not null)
            {
                await _host.StopAsync();
                _host.Dispose();
            }
        }
    }
}

[GenerateSerializer, Alias("test.pace")]
public sealed record Pace([property: Id(0)] int Rate, [property: Id(1)] string? Note)
{
    public Pace()
        : this(0, null)
    {
    }
}
