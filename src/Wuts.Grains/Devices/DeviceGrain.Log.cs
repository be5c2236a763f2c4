using Microsoft.Extensions.Logging;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;

namespace Wuts.Grains.Devices;

internal sealed partial class DeviceGrain
{
    // Ids 2000-2099. Never a phone number or a text.
    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Information, "Device {Device} is {State}: {Reason}")]
        public static partial void SessionChanged(ILogger logger, DeviceKey device, DeviceState state, string? reason);

        [LoggerMessage(2002, LogLevel.Warning, "Device {Device} could not connect")]
        public static partial void ConnectFailed(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2003, LogLevel.Warning, "Device {Device} was not allowed to claim message {MessageId}, which is {State}")]
        public static partial void ClaimRefused(ILogger logger, DeviceKey device, string messageId, MessageState? state);

        [LoggerMessage(2004, LogLevel.Warning, "Device {Device} has been replaced by another activation and stops")]
        public static partial void Replaced(ILogger logger, DeviceKey device);

        [LoggerMessage(2005, LogLevel.Warning, "Device {Device} does not know whether message {MessageId} left")]
        public static partial void SendFaulted(ILogger logger, Exception exception, DeviceKey device, string messageId);

        [LoggerMessage(2006, LogLevel.Warning, "Device {Device} could not store the outcome of message {MessageId} and tries again")]
        public static partial void RecordFailed(ILogger logger, Exception exception, DeviceKey device, string messageId);

        [LoggerMessage(2007, LogLevel.Debug, "Device {Device} could not show or end its typing indicator")]
        public static partial void TypingFailed(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2008, LogLevel.Information, "Device {Device} got {Count} receipts for messages that nobody knows")]
        public static partial void Orphans(ILogger logger, DeviceKey device, int count);

        [LoggerMessage(2009, LogLevel.Warning, "Device {Device} could not ask the network about message {MessageId}")]
        public static partial void LookUpFailed(ILogger logger, Exception exception, DeviceKey device, string messageId);
    }
}
