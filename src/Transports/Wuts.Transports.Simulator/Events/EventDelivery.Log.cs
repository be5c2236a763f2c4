using Microsoft.Extensions.Logging;
using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Events;

internal sealed partial class EventDelivery
{
    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Warning, "{Count} events of device {Device} could not be handed over; they will be brought again.")]
        public static partial void DeliveryFailed(ILogger logger, Exception exception, DeviceKey device, int count);
    }
}
