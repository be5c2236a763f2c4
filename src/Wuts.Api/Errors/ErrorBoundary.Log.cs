using Microsoft.Extensions.Logging;

namespace Wuts.Api.Errors;

internal sealed partial class ErrorBoundary
{
    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Error, "Request {TraceId} ended in an exception")]
        public static partial void Unhandled(ILogger logger, Exception exception, string traceId);

        [LoggerMessage(8002, LogLevel.Warning, "Request {TraceId} was answered 503: the cluster or its storage did not answer")]
        public static partial void Outage(ILogger logger, Exception exception, string traceId);
    }
}
