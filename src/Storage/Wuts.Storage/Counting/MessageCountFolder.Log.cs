using Microsoft.Extensions.Logging;

namespace Wuts.Storage.Counting;

internal sealed partial class MessageCountFolder
{
    private static partial class Log
    {
        [LoggerMessage(6010, LogLevel.Warning, "Message counts could not be brought up to date; the next try is in a few seconds")]
        public static partial void FoldFailed(ILogger logger, Exception exception);
    }
}
