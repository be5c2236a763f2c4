using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Webhooks;
using Wuts.Testing;

namespace Wuts.Webhooks.Tests;

/// <summary>A sender on a manual clock. By default it may go to loopback, where the test's receiver is.</summary>
internal sealed class SenderFixture : IAsyncDisposable
{
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public SenderFixture(WebhookOptions? options = null, ResolveHost? resolve = null)
    {
        Http = new GuardedHttpClient(options ?? new() { AllowPrivateTargets = true }, resolve ?? Dns.GetHostAddressesAsync);
        Meters = _metrics.GetRequiredService<IMeterFactory>();
        Sender = new WebhookSender(Http, Clock, new WebhookMetrics(Meters));
    }

    public ManualTimeProvider Clock { get; } = new(Samples.T0);

    public GuardedHttpClient Http { get; }

    public IMeterFactory Meters { get; }

    public WebhookSender Sender { get; }

    public Task<WebhookAttempt> SendAsync(WebhookEndpoint endpoint, WebhookSecret? secret = null, CancellationToken cancellationToken = default) =>
        Sender.SendAsync(endpoint, secret, Samples.Envelope(secret), cancellationToken).WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _metrics.DisposeAsync();
    }
}
