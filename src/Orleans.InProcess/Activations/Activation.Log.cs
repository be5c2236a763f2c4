using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.InProcess;

internal sealed partial class Activation
{
    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Error, "Grain {GrainId} could not be activated")]
        public static partial void ActivationFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(9002, LogLevel.Error, "OnDeactivateAsync of grain {GrainId} failed")]
        public static partial void OnDeactivateFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(9003, LogLevel.Error, "Grain {GrainId} could not be disposed of")]
        public static partial void DisposeFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(EventId = 9004, Message = "{Method} of grain {GrainId} failed")]
        public static partial void CallFailed(ILogger logger, LogLevel level, GrainMethod method, GrainId grainId, Exception exception);
    }
}
