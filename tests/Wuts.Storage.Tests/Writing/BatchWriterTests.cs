using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Tests.Writing;

public sealed class BatchWriterTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly FakeFlushTarget _database = new();
    private readonly BatchWriter _writer;

    public BatchWriterTests() => _writer = new BatchWriter(
        _database, Options.Create(new BatchWriterOptions { MaxRows = 4, MaxWaiting = 8 }), NullLogger<BatchWriter>.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task What_queues_while_a_flush_runs_becomes_the_next_flush()
    {
        var a = Write("a");
        var first = await _database.NextFlush();
        var c = Write("c");
        var b = Write("b");
        first.Commit();
        await a;

        var second = await _database.NextFlush();
        second.Commit();

        Assert.Equal(["pt/a"], first.Keys);
        Assert.Equal(["pt/b", "pt/c"], second.Keys);
        var outcomes = await Task.WhenAll(b, c);

        Assert.Equal([1, 1], outcomes);
    }

    [Fact]
    public async Task Writes_of_one_key_never_share_a_flush_and_keep_their_order()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var writes = new[] { Write("a", 1), Write("a", 2), Write("b", 1), Write("a", 3), Write("b", 2) };
        first.Commit();

        var flushed = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var flush = await _database.NextFlush();
            flushed.Add(string.Join(' ', flush.Writes.Cast<StorageWrite.OfProgress>().Select(w => w.Progress.EndpointId + w.Progress.DeliveredThrough)));
            flush.Commit();
        }

        Assert.Equal(["a1 b1", "a2 b2", "a3"], flushed);
        await Task.WhenAll([blocker, .. writes]);
    }

    [Fact]
    public async Task A_flush_takes_no_more_rows_than_it_may()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var writes = "abcdef".Select(key => Write(key.ToString())).ToArray();
        first.Commit();

        var second = await _database.NextFlush();
        second.Commit();
        var third = await _database.NextFlush();
        third.Commit();

        Assert.Equal((4, 2), (second.Writes.Count, third.Writes.Count));
        await Task.WhenAll([blocker, .. writes]);
    }

    [Fact]
    public async Task A_conflict_is_told_to_its_own_caller()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var (a, b) = (Write("a"), Write("b"));
        first.Commit();
        (await _database.NextFlush()).Commit(write => write.Key == "pt/a" ? 0 : 1);

        var outcomes = await Task.WhenAll(blocker, a, b);

        Assert.Equal([1, 0, 1], outcomes);
    }

    [Fact]
    public async Task A_broken_flush_fails_its_own_writes_only()
    {
        var a = Write("a");
        var first = await _database.NextFlush();
        var b = Write("b");
        first.Break();
        (await _database.NextFlush()).Commit();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => a);
        Assert.Equal(1, await b);
    }

    [Fact]
    public async Task A_deadlock_is_tried_again_with_the_same_writes()
    {
        var a = Write("a");
        (await _database.NextFlush()).RollBack(transient: true);
        var again = await _database.NextFlush();
        again.Commit();

        Assert.Equal(["pt/a"], again.Keys);
        Assert.Equal(1, await a);
    }

    [Fact]
    public async Task A_deadlock_that_will_not_end_is_given_up()
    {
        var a = Write("a");
        for (var i = 0; i < 5; i++)
        {
            (await _database.NextFlush()).RollBack(transient: true);
        }

        await Assert.ThrowsAsync<StorageUnavailableException>(() => a);
    }

    [Fact]
    public async Task A_write_that_is_unacceptable_is_found_and_fails_alone()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var writes = "abcd".ToDictionary(key => key, key => Write(key.ToString()));
        first.Commit();
        for (var i = 0; i < 5; i++)
        {
            var flush = await _database.NextFlush();
            if (flush.Keys.Contains("pt/c"))
            {
                flush.RollBack(transient: false);
            }
            else
            {
                flush.Commit();
            }
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => writes['c']);
        var outcomes = await Task.WhenAll(blocker, writes['a'], writes['b'], writes['d']);

        Assert.Equal([1, 1, 1, 1], outcomes);
    }

    [Fact]
    public async Task Disposing_stores_what_was_taken_and_takes_no_more()
    {
        var a = Write("a");
        var first = await _database.NextFlush();
        var b = Write("b");
        var disposed = _writer.DisposeAsync();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Write("c"));
        Assert.False(disposed.IsCompleted);
        first.Commit();
        (await _database.NextFlush()).Commit();
        await disposed;

        var outcomes = await Task.WhenAll(a, b);

        Assert.Equal([1, 1], outcomes);
    }

    [Fact]
    public async Task Too_many_waiting_writes_are_refused_at_once()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var writes = "abcdefgh".Select(key => Write(key.ToString())).ToArray();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Write("i"));

        first.Commit();
        (await _database.NextFlush()).Commit();
        (await _database.NextFlush()).Commit();
        await Task.WhenAll([blocker, .. writes]);
    }

    [Fact]
    public async Task A_flush_takes_from_the_tenants_in_turn_when_more_waits_than_fits()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var noisy = "abcdef".Select(key => Write(key.ToString())).ToArray();
        var quiet = Write("q", tenant: "quiet");
        first.Commit();

        var second = await _database.NextFlush();
        second.Commit();

        Assert.Equal(["pquiet/q", "pt/a", "pt/b", "pt/c"], second.Keys);
        (await _database.NextFlush()).Commit();
        await Task.WhenAll([blocker, quiet, .. noisy]);
    }

    [Fact]
    public async Task When_too_many_writes_wait_the_tenants_with_most_of_them_are_refused_and_not_the_quiet_ones()
    {
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var noisy = "abcdefgh".Select(key => Write(key.ToString())).ToArray();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Write("i"));
        var quiet = "abcd".Select(key => Write(key.ToString(), tenant: "quiet")).ToArray();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Write("e", tenant: "quiet"));

        first.Commit();
        for (var i = 0; i < 3; i++)
        {
            (await _database.NextFlush()).Commit();
        }

        await Task.WhenAll([blocker, .. quiet, .. noisy]);
    }

    [Fact]
    public async Task A_write_whose_caller_gave_up_before_its_flush_is_dropped()
    {
        using var gaveUp = new CancellationTokenSource();
        var blocker = Write("z");
        var first = await _database.NextFlush();
        var a = _writer.WriteAsync(ProgressOf("a", 1), gaveUp.Token);
        var b = Write("b");
        await gaveUp.CancelAsync();
        first.Commit();
        var second = await _database.NextFlush();
        second.Commit();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => a);
        Assert.Equal(["pt/b"], second.Keys);
        await Task.WhenAll(blocker, b);
    }

    private static StorageWrite.OfProgress ProgressOf(string key, long number) => new(new WebhookProgress("t", key, number, []));

    private Task<int> Write(string key, long number = 1, string tenant = "t") =>
        _writer.WriteAsync(new StorageWrite.OfProgress(new WebhookProgress(tenant, key, number, [])), CancellationToken.None);
}
