using Microsoft.Extensions.Logging;

namespace Wuts.Storage.Writing;

internal sealed partial class BatchWriter
{
    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Debug, "A flush of {Count} writes is repeated: {Reason}")]
        public static partial void FlushRepeated(ILogger logger, int count, string reason);

        [LoggerMessage(6002, LogLevel.Error, "A flush of {Count} writes failed; whether they were stored is unknown")]
        public static partial void FlushFailed(ILogger logger, Exception exception, int count);

        [LoggerMessage(6003, LogLevel.Error, "The database does not accept a {Write} write")]
        public static partial void WriteRefused(ILogger logger, Exception exception, string write);
    }
}
