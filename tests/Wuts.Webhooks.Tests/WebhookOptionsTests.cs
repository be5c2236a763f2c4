using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Wuts.Webhooks.Tests;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void The_defaults_are_safe()
    {
        var options = Bind().Value;

        Assert.False(options.AllowPrivateTargets);
        Assert.Empty(options.AllowedPorts);
        Assert.Equal(8, options.MaxConcurrencyPerEndpoint);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2)), (options.ConnectTimeout, options.ConnectionLifetime));
    }

    [Fact]
    public void They_are_read_from_their_section()
    {
        var options = Bind(("AllowPrivateTargets", "true"), ("AllowedPorts:0", "8443"), ("ConnectTimeout", "00:00:07")).Value;

        Assert.True(options.AllowPrivateTargets);
        Assert.Equal([8443], options.AllowedPorts);
        Assert.Equal(TimeSpan.FromSeconds(7), options.ConnectTimeout);
    }

    [Theory]
    [InlineData("AllowedPorts:0", "70000", "Wuts:Webhooks:AllowedPorts must be ports between 1 and 65535.")]
    [InlineData("MaxConcurrencyPerEndpoint", "0", "Wuts:Webhooks:MaxConcurrencyPerEndpoint must be between 1 and 256.")]
    [InlineData("ConnectTimeout", "00:01:00", "Wuts:Webhooks:ConnectTimeout must be between 00:00:01 and 00:00:30.")]
    [InlineData("ConnectionLifetime", "00:00:00", "Wuts:Webhooks:ConnectionLifetime must be between 00:00:01 and 01:00:00.")]
    public void A_wrong_value_is_refused_with_the_name_of_its_key(string key, string value, string message)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind((key, value)).Value);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_a_sender_needs_is_registered()
    {
        using var services = Services();

        Assert.NotNull(services.GetRequiredService<WebhookSender>());
    }

    private static IOptions<WebhookOptions> Bind(params (string Key, string Value)[] settings) =>
        Services(settings).GetRequiredService<IOptions<WebhookOptions>>();

    private static ServiceProvider Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{WebhookOptions.Section}:{s.Key}", (string?)s.Value)))
            .Build())
        .AddWebhooks()
        .BuildServiceProvider();
}
