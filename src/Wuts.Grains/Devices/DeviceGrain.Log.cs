using Microsoft.Extensions.Logging;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;

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

        [LoggerMessage(2020, LogLevel.Warning, "Device {Device} could not tell others of an opt-out: their claims will be refused")]
        public static partial void OptOutNotTold(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2022, LogLevel.Warning, "Device {Device} answers without telling how its tenant's quotas stand, which it could not learn")]
        public static partial void QuotaUnknown(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2021, LogLevel.Warning, "Device {Device} could not tell its endpoint that quota {Policy} is used up")]
        public static partial void QuotaNotTold(ILogger logger, Exception exception, DeviceKey device, string policy);

        [LoggerMessage(2010, LogLevel.Warning, "Device {Device} could not get permits from its tenant and tries again")]
        public static partial void NoPermits(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2011, LogLevel.Debug, "Device {Device} could not give back its permits")]
        public static partial void PermitsNotReturned(ILogger logger, Exception exception, DeviceKey device);

        [LoggerMessage(2023, LogLevel.Information, "The pace of device {Device} changed by {Signal} from {Before} to {After} messages a second")]
        public static partial void PaceChanged(ILogger logger, DeviceKey device, PaceSignal signal, double before, double after);

        [LoggerMessage(2024, LogLevel.Warning, "The health of device {Device} could not be stored; it is with its next change")]
        public static partial void HealthNotKept(ILogger logger, Exception exception, DeviceKey device);
    }
}
