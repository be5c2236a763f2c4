using Microsoft.Extensions.Logging;
using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Remote;

internal sealed partial class EventEndpoints
{
    private static partial class Log
    {
        [LoggerMessage(5111, LogLevel.Warning, "{Count} events of device {Device} could not be handled; the simulated network will bring them again.")]
        public static partial void NotHandled(ILogger logger, Exception exception, DeviceKey device, int count);
    }
}
