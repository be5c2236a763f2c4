using Microsoft.AspNetCore.Http;
using Wuts.Domain.Webhooks;

namespace Wuts.Webhooks.Tests;

/// <summary>Tests with a sender and one receiver, which answers as <see cref="Answer"/> says.</summary>
public abstract class ReceiverTests : IAsyncLifetime, IAsyncDisposable
{
    private protected SenderFixture Fixture { get; } = new();

    private protected ScriptedReceiver Receiver { get; private set; } = null!;

    private protected RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public async Task InitializeAsync() => Receiver = await ScriptedReceiver.StartAsync(context => Answer(context));

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    private protected Task<WebhookAttempt> SendAsync(WebhookEndpoint? endpoint = null, WebhookSecret? secret = null) =>
        Fixture.SendAsync(endpoint ?? Samples.Endpoint(Receiver.Url), secret);
}
