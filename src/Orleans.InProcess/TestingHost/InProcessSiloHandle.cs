using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>The silo of a test cluster.</summary>
public class InProcessSiloHandle : IAsyncDisposable
{
    internal InProcessSiloHandle(string name, IHost host)
    {
        Name = name;
        SiloHost = host;
    }

    public string Name { get; }

    public IHost SiloHost { get; }

    public IServiceProvider ServiceProvider => SiloHost.Services;

    public bool IsActive { get; private set; } = true;

    /// <param name="stopGracefully">Whether grains get to deactivate.</param>
    public Task StopSiloAsync(bool stopGracefully) => StopSiloAsync(new CancellationToken(canceled: !stopGracefully));

    public async Task StopSiloAsync(CancellationToken ct)
    {
        if (IsActive)
        {
            IsActive = false;
            await SiloHost.StopAsync(ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        SiloHost.Dispose();
        GC.SuppressFinalize(this);
    }
}
