using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Wuts.Webhooks;

public static class WebhooksServiceCollectionExtensions
{
    /// <summary>Adds <see cref="WebhookSender"/>, <see cref="GuardedHttpClient"/> and their <see cref="WebhookOptions"/>, validated at start.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.AllowedPorts.All(port => port is >= 1 and <= 65535),
                $"{WebhookOptions.Section}:{nameof(WebhookOptions.AllowedPorts)} must be ports between 1 and 65535.")
            .ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GuardedHttpClient>();
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<WebhookSender>();
        return services;
    }
}
