using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;

namespace Wuts.Grains.Hosting;

/// <summary>
/// Empties a silo that is about to stop, while it still belongs to the cluster: each device ends what it is at and moves. Without it a
/// device would be activated elsewhere while its last message is still being handed over here.
/// </summary>
public sealed partial class DeviceDrain
{
    private const int Concurrency = 64;

    private readonly LocalDevices _devices;
    private readonly IGrainFactory _grains;
    private readonly IRelocation? _relocation;
    private readonly ILogger<DeviceDrain> _logger;

    internal DeviceDrain(LocalDevices devices, IGrainFactory grains, IRelocation? relocation, ILogger<DeviceDrain> logger) =>
        (_devices, _grains, _relocation, _logger) = (devices, grains, relocation, logger);

    /// <summary>
    /// Returns when all have ended what they were at, and have moved where they can. A device that fails to is left to the stop itself,
    /// which its epoch makes safe.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _devices.BeginDraining();
        await Parallel.ForEachAsync(
            _devices.All,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken, TaskScheduler = TaskScheduler.Current },
            DrainAsync);
        if (_relocation?.IsPossible == true)
        {
            await _devices.WhenEmpty(cancellationToken);
        }
    }

    private async ValueTask DrainAsync(DeviceKey device, CancellationToken cancellationToken)
    {
        try
        {
            var grain = _grains.GetGrain<IDeviceGrain>(device.ToString());
            while (!await grain.Drain(cancellationToken))
            {
                // The network takes its time to answer, and it is worth waiting for.
            }

            if (_relocation is not null)
            {
                await _relocation.MoveAsync(grain);
            }
        }
        catch (Exception e)
        {
            Log.NotDrained(_logger, e, device);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2105, LogLevel.Warning, "Device {Device} could not be drained before the silo stops")]
        public static partial void NotDrained(ILogger logger, Exception exception, DeviceKey device);
    }
}

/// <summary>Where activations go that leave a silo. There is none where there is one silo.</summary>
public interface IRelocation
{
    /// <summary>Whether there is another silo now.</summary>
    bool IsPossible { get; }

    /// <summary>Moves the activation of a grain to another silo; leaves it where it is when there is no other.</summary>
    Task MoveAsync(IGrain grain);
}
