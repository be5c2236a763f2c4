using Microsoft.Extensions.Logging;

namespace Wuts.Grains.Messages;

internal sealed partial class MessageGrain
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "Message {MessageId} was written by another activation; reading it again")]
        public static partial void WriteConflict(ILogger logger, string messageId);
    }
}
