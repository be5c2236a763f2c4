using Microsoft.Extensions.Logging;

namespace Wuts.Transports.Simulator.Log;

internal sealed partial class NetworkLog
{
    private static partial class Logged
    {
        [LoggerMessage(5121, LogLevel.Error, "The simulated network's log cannot be written. The network waits and tries again.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(5122, LogLevel.Warning, "The simulated network's log can be written again. Nothing is missing in it.")]
        public static partial void Recovered(ILogger logger);
    }
}
