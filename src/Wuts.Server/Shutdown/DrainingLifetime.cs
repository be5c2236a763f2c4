using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Wuts.Grains.Hosting;

namespace Wuts.Server.Shutdown;

/// <summary>
/// Told to stop, the process first says so to whoever asks for its readiness and goes on to serve for
/// <see cref="ServerOptions.ShutdownDelay"/>, so that a load balancer has turned away before the door closes; then its devices end what
/// they are at and move to other silos. Told twice, it stops at once.
/// </summary>
internal sealed class DrainingLifetime(
    IHostApplicationLifetime application, Readiness readiness, IOptions<ServerOptions> options, TimeProvider clock, IServiceProvider services)
    : IHostLifetime, IDisposable
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(80); // the network may take 75 s to answer a send

    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Handle));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true; // the process ends when the host has ended
        if (readiness.BeginStopping())
        {
            _ = StopAfterDelayAsync();
        }
        else
        {
            application.StopApplication();
        }
    }

    private async Task StopAfterDelayAsync()
    {
        await Task.Delay(options.Value.EffectiveShutdownDelay, clock);
        if (services.GetService<DeviceDrain>() is { } devices)
        {
            using var patience = new CancellationTokenSource(DrainPatience, clock);
            await devices.DrainAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        application.StopApplication();
    }
}
