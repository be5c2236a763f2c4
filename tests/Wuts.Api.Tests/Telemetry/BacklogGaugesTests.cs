using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Wuts.Server.Telemetry;
using Wuts.Storage;
using Wuts.Testing;

namespace Wuts.Api.Tests.Telemetry;

public sealed class BacklogGaugesTests
{
    [Fact]
    public async Task They_are_read_every_fifteen_seconds_and_ages_grow_in_between_also_while_the_database_is_away()
    {
        var clock = new ManualTimeProvider();
        var now = clock.GetUtcNow();
        var store = new ScriptedStore();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var gauges = new BacklogGauges(store, meters, clock, NullLogger<BacklogGauges>.Instance);
        await gauges.StartAsync(default);

        (await store.Asked()).SetResult(new(now.AddSeconds(-10), 2, 1, 7, now.AddSeconds(-5), 3));
        clock.Advance(TimeSpan.FromSeconds(15));
        var second = await store.Asked(); // by now it goes by the first answer
        Assert.Equal((25, 2, 1, 20, 7, 3), Read(meters));

        second.SetException(new StorageUnavailableException("away"));
        clock.Advance(TimeSpan.FromSeconds(15));
        var third = await store.Asked();
        Assert.Equal((40, 2, 1, 35, 7, 3), Read(meters));

        third.SetResult(new(null, 0, 0, 0, null, 0));
        clock.Advance(TimeSpan.FromSeconds(15));
        await store.Asked();
        Assert.Equal((0, 0, 0, 0, 0, 0), Read(meters));
    }

    private static (double Age, double Overdue, double Uncertain, double Lag, double Waiting, double Retrying) Read(IMeterFactory meters)
    {
        var meter = meters.Create("Wuts");
        var read = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => read[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => read[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return (
            read["wuts.backlog.age"], read["wuts.backlog.overdue"], read["wuts.backlog.uncertain"],
            read["wuts.webhook.lag"], read["wuts.webhook.waiting"], read["wuts.webhook.retrying"]);
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class ScriptedStore : IBacklogStore
    {
        private readonly Channel<TaskCompletionSource<Backlog>> _asked = Channel.CreateUnbounded<TaskCompletionSource<Backlog>>();

        public Task<Backlog> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            var answer = new TaskCompletionSource<Backlog>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite(answer);
            return answer.Task;
        }

        public async Task<TaskCompletionSource<Backlog>> Asked() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
