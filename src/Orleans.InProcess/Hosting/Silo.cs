using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>The silo of a host: it holds what activations need, and starts and stops with the host.</summary>
internal sealed class Silo : IHostedService, IDisposable
{
    private readonly IdleCollector _collector;
    private readonly ReminderService _reminders;
    private volatile bool _isRunning;

    public Silo(
        IServiceProvider services,
        TurnScheduler scheduler,
        [FromKeyedServices(TimeProviderNames.ActivationManagement)] TimeProvider clock,
        [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider grainClock,
        [FromKeyedServices(TimeProviderNames.Messaging)] TimeProvider messagingClock,
        IOptions<GrainCollectionOptions> collection,
        IOptions<SiloMessagingOptions> messaging,
        ReminderService reminders,
        ILogger<Silo> logger)
    {
        Services = services;
        Scheduler = scheduler;
        Clock = clock;
        GrainClock = grainClock;
        CollectionOptions = collection.Value;
        Logger = logger;
        Catalog = new(this);
        Sender = new(
            messaging.Value,
            messagingClock,
            services.GetServices<IOutgoingGrainCallFilter>,
            () => _isRunning ? this : null,
            services.GetService<ICallRoute>(),
            services.GetService<CallTracing>());
        _collector = new(Catalog, clock, CollectionOptions.CollectionQuantum);
        _reminders = reminders;
    }

    public IServiceProvider Services { get; }

    public TurnScheduler Scheduler { get; }

    /// <summary>The clock of everything about activations but their timers.</summary>
    public TimeProvider Clock { get; }

    public TimeProvider GrainClock { get; }

    public GrainCollectionOptions CollectionOptions { get; }

    public ILogger Logger { get; }

    public Catalog Catalog { get; }

    /// <summary>The way out for the calls of grains and of the host.</summary>
    public CallSender Sender { get; }

    public bool IsRunning => _isRunning;

    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IncomingFilters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        Sender.Start();
        _collector.Start();
        _isRunning = true;
        await _reminders.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_isRunning)
        {
            return;
        }

        _collector.Dispose();
        if (cancellationToken.IsCancellationRequested)
        {
            _reminders.Kill(); // no patience at all: a crash
            Catalog.Kill();
        }
        else
        {
            await _reminders.StopAsync(cancellationToken);
            await Catalog.CloseAsync(cancellationToken);
        }

        _isRunning = false;
        Sender.RejectAll();
    }

    public void Dispose()
    {
        _collector.Dispose();
        Sender.Dispose();
    }
}
