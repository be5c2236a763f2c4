using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Benchmarks.Databases;
using Wuts.Benchmarks.Measuring;
using Wuts.Domain.Devices;
using Wuts.Storage;

namespace Wuts.Benchmarks.Storing;

/// <summary>What the store alone came to, and the database with the same rows written raw.</summary>
internal sealed record StoringFigures(double StoreLifecycles, double RawLifecycles, FlushFigures Flushes);

/// <summary>
/// Writes lifecycles through the store and raw, on two new databases. They take turns, so that a machine that grows slower or
/// faster meanwhile does so for both.
/// </summary>
internal sealed class StoringRun(BenchmarkDatabase database, BenchmarkOptions options)
{
    private const int Turns = 4;
    private const int BatchRows = 1000;

    private readonly long[] _sequences = new long[options.Devices];
    private long _next;

    public async Task<StoringFigures> RunAsync()
    {
        await using var store = await StoreUnderTest.StartAsync(database, options.Devices);
        await using var raw = await OpenRawAsync();
        await store.WriteAsync(options.Warmup / 3, options.Clients);
        await WriteRawAsync(raw, options.Warmup / 3);

        var turn = Math.Max(BatchRows, options.Messages / 2 / Turns / BatchRows * BatchRows);
        var (storeTime, rawTime) = (TimeSpan.Zero, TimeSpan.Zero);
        using var flushes = new Flushes();
        for (var i = 0; i < Turns; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await store.WriteAsync(turn, options.Clients);
            storeTime += Stopwatch.GetElapsedTime(startedAt);
            rawTime += await WriteRawAsync(raw, turn);
        }

        return new(Turns * turn / storeTime.TotalSeconds, Turns * turn / rawTime.TotalSeconds, flushes.Read());
    }

    private async Task<IRawWriter> OpenRawAsync()
    {
        var connectionString = await database.CreateAsync();
        var services = new ServiceCollection().AddLogging();
        database.AddStorage(services, connectionString);
        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<IStorageInitializer>().InitializeAsync();
        }

        return await database.OpenRawAsync(connectionString);
    }

    private async Task<TimeSpan> WriteRawAsync(IRawWriter raw, int lifecycles)
    {
        var time = TimeSpan.Zero;
        for (var written = 0; written < lifecycles; written += BatchRows)
        {
            var messages = Enumerable.Range(0, BatchRows).Select(_ => MakeRows()).ToArray();
            for (var i = 0; i < Lifecycle.Writes; i++)
            {
                var rows = Array.ConvertAll(messages, message => message[i]);
                time += await raw.WriteAsync(RawTables.Messages, rows);
                time += await raw.WriteAsync(RawTables.Timeline, rows);
                if (!rows[0].Transition.Events.IsEmpty)
                {
                    time += await raw.WriteAsync(RawTables.Outbox, rows);
                }
            }
        }

        return time;
    }

    private ImmutableArray<RawRow> MakeRows()
    {
        var device = (int)(++_next % options.Devices);
        var key = new DeviceKey(Name("tenant", device / 5), Name("device", device));
        return [.. Lifecycle.Of(key, 1, _next).Select(transition => new RawRow(transition, "wh_" + key.DeviceId, Next(transition.Events.Length)))];

        long Next(int events) => events == 0 ? 0 : ++_sequences[device];
    }

    private static string Name(string prefix, int number) => prefix + number.ToString("D30", CultureInfo.InvariantCulture);
}
