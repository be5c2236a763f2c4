using Microsoft.Extensions.Logging;

namespace Wuts.Transports.Simulator;

internal sealed partial class Schedule
{
    private static partial class Log
    {
        [LoggerMessage(5102, LogLevel.Error, "Something due in the simulated network failed.")]
        public static partial void WorkFailed(ILogger logger, Exception exception);
    }
}
