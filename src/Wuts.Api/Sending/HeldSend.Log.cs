using Microsoft.Extensions.Logging;

namespace Wuts.Api.Sending;

internal sealed partial class HeldSend
{
    private static partial class Log
    {
        [LoggerMessage(8101, LogLevel.Warning, "Waiting for the dispatch of {MessageId} failed and goes on")]
        public static partial void WaitFailed(ILogger logger, Exception exception, string messageId);
    }
}
