using System.Net;
using System.Text.Json;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.World;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Internet;

/// <summary>The tenants' web servers: up, slow, failing, gone. One for each endpoint, named by its host.</summary>
public sealed class Receivers(SimulatedNode node, FaultPlan faults, Random chance, Journal journal) : HttpMessageHandler
{
    private readonly List<WebhookTry> _tries = [];
    private readonly Dictionary<string, Health> _health = [];
    private readonly HashSet<string> _gone = [];

    /// <summary>What they were sent.</summary>
    public IReadOnlyList<WebhookTry> Tries => _tries;

    public void Set(string endpointId, Health health)
    {
        _health[endpointId] = health;
        journal.Write("receiver", $"{endpointId} is {health}");
    }

    /// <summary>Whether an endpoint was ever told to go away, after which it was disabled for a while.</summary>
    public bool WasGone(string endpointId) => _gone.Contains(endpointId);

    public void HealAll() => _health.Clear();

    public static Uri UrlOf(string endpointId) => new($"https://{endpointId.Replace('_', '-')}.example/{endpointId}");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Answer(request, cancellationToken);

    private async Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(CancellationToken.None);
        var id = request.Headers.GetValues("webhook-id").Single();
        var endpoint = request.RequestUri!.AbsolutePath[1..];
        var answered = node.Run(() => Receive(endpoint, id, body));

        // A caller that gives up does not stop the receiver.
        var gaveUp = new TaskCompletionSource<HttpResponseMessage>();
        await using var registration = cancellationToken.UnsafeRegister(
            static (task, token) => ((TaskCompletionSource<HttpResponseMessage>)task!).TrySetCanceled(token), gaveUp);
        return await await Task.WhenAny(answered, gaveUp.Task);
    }

    private async Task<HttpResponseMessage> Receive(string endpoint, string id, string body)
    {
        var health = _health.GetValueOrDefault(endpoint);
        await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, health == Health.Slow ? 20_000 : 50)), node.Clock);
        if (health == Health.Down || faults.Strikes("webhook-refused", 0.05))
        {
            throw new HttpRequestException("The simulated receiver refused the connection.");
        }

        var takes = health is not (Health.Failing or Health.Gone);
        using var json = JsonDocument.Parse(body);
        var type = json.RootElement.GetProperty("event").GetString()!;
        _tries.Add(new(node.Clock.GetUtcNow(), endpoint, id, type, MessageOf(json.RootElement), body, takes));
        if (takes && (health == Health.TooLate || faults.Strikes("webhook-answers-too-late", 0.03)))
        {
            await Task.Delay(TimeSpan.FromSeconds(45), node.Clock); // it has it, and says so when nobody listens any more
        }

        if (health == Health.Gone)
        {
            _gone.Add(endpoint);
        }

        return new(health switch
        {
            Health.Failing => HttpStatusCode.InternalServerError,
            Health.Gone => HttpStatusCode.Gone,
            _ => HttpStatusCode.OK,
        });
    }

    private static string? MessageOf(JsonElement envelope) =>
        envelope.GetProperty("data").TryGetProperty("message_id", out var id) ? id.GetString() : null;
}

/// <summary>How a receiver is.</summary>
public enum Health
{
    Well,
    Slow,
    TooLate,
    Failing,
    Down,
    Gone,
}
