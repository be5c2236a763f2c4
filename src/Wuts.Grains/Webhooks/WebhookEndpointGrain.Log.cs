using Microsoft.Extensions.Logging;
using Wuts.Storage;

namespace Wuts.Grains.Webhooks;

internal sealed partial class WebhookEndpointGrain
{
    private static partial class Log
    {
        [LoggerMessage(7101, LogLevel.Warning, "Webhook endpoint {Endpoint} is gone and has been disabled")]
        public static partial void Disabled(ILogger logger, EndpointKey endpoint);

        [LoggerMessage(7102, LogLevel.Warning, "Event {Sequence} of webhook endpoint {Endpoint} is a dead letter after {Attempts} attempts")]
        public static partial void Dead(ILogger logger, EndpointKey endpoint, long sequence, int attempts);
    }
}
