using Orleans;
using Orleans.InProcess.Simulation;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;
using Wuts.Simulation.World;
using Wuts.Storage;
using Wuts.Testing.Checking;

namespace Wuts.Simulation.Clients;

/// <summary>
/// The programs of all tenants. A request with a key is repeated, at any gateway, until it has an answer that settles it; one
/// without is sent once.
/// </summary>
internal class Client(SimulatedNode node, Func<Gateway> gateway, Random chance, Journal journal)
{
    /// <summary>Whose token a tenant uses.</summary>
    public static string UserOf(string tenantId) => $"user of {tenantId}";

    private const int MostTries = 40;
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(125);

    private readonly List<ClientRequest> _requests = [];
    private int _operations;

    /// <summary>All that was asked, with the answers.</summary>
    public IReadOnlyList<ClientRequest> Requests => _requests;

    /// <summary>Requests that wait for an answer, or to be repeated.</summary>
    public int Busy { get; private set; }

    /// <summary>Told of each answer.</summary>
    public Action<ClientRequest> OnAnswered { get; set; } = static _ => { };

    public void Begin(SendRequest request)
    {
        Busy++;
        node.Start(async () =>
        {
            for (var tries = 1; !await Try(request) && tries < MostTries; tries++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + (chance.NextDouble() * 30)), node.Clock);
            }

            Busy--;
        });
    }

    /// <summary>The message id of a request, as the front end makes it.</summary>
    protected virtual string IdOf(Gateway at, SendRequest request) => request.Key is { } key
        ? MessageId.FromIdempotencyKey(request.Device.TenantId, key)
        : MessageId.FromOperation(request.Device.TenantId, $"operation {++_operations}");

    /// <returns>Whether there is nothing left to do.</returns>
    private async Task<bool> Try(SendRequest request)
    {
        var at = gateway();
        var asked = node.Clock.GetUtcNow();
        var answer = await Ask(at, request);
        ClientRequest entry = new(
            request.Device.TenantId, request.Device.DeviceId, request.Chat, request.Key, request.Payload, asked,
            answer is ClientAnswer.None ? null : node.Clock.GetUtcNow(), answer) { Delay = request.Delay };
        _requests.Add(entry);
        journal.Write("client", $"{request.Key ?? "no key"} \"{request.Text}\" by {at.Node.Name}: {answer}");
        OnAnswered(entry);
        return answer is ClientAnswer.Accepted or ClientAnswer.Refused { Code: not ("unavailable" or "not_ready") }
            || request.Key is null
            || (request.HangsUpAfter is not null && answer is ClientAnswer.None && chance.Next(2) == 0);
    }

    private async Task<ClientAnswer> Ask(Gateway at, SendRequest request)
    {
        var id = IdOf(at, request);
        using var hangUp = new CancellationTokenSource();
        var sending = at.Send(request.Device, CommandOf(id, request), request.RespondAsync ? TimeSpan.Zero : at.Patience, hangUp.Token);
        var patience = Task.Delay(request.HangsUpAfter ?? ReadTimeout, node.Clock, hangUp.Token);
        var hadAnswer = await Task.WhenAny(sending, patience) == sending;
        if (!hadAnswer && !at.Node.IsCrashed)
        {
            hangUp.Cancel();
        }

        if (!hadAnswer)
        {
            return new ClientAnswer.None();
        }

        hangUp.Cancel();
        try
        {
            return Read(await sending);
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException or Orleans.Runtime.OrleansException)
        {
            return new ClientAnswer.Refused("unavailable", id);
        }
    }

    private static SendCommand CommandOf(string id, SendRequest request) => new()
    {
        MessageId = id,
        UserId = UserOf(request.Device.TenantId),
        AnyDevice = true,
        ChatJid = request.Chat,
        Content = new TextContent(request.Text, []),
        Fingerprint = request.Payload,
        Delay = request.Delay,
        Typing = request.Typing,
        Hold = default,
        Patience = default,
        QueueWhenNotReady = request.RespondAsync,
        Category = request.Category,
    };

    // As the front end answers: a failed send is an error to the client, with the message's id in it.
    private static ClientAnswer Read(SendAnswer answer) => answer switch
    {
        SendAnswer.Accepted { Message: { State: MessageState.Failed or MessageState.Rejected or MessageState.Expired } failed } =>
            new ClientAnswer.Refused("send_failed", failed.Envelope.Id),
        SendAnswer.Accepted { Message: var message } => new ClientAnswer.Accepted(message.Envelope.Id, message.State),
        SendAnswer.NotReady => new ClientAnswer.Refused("not_ready"),
        SendAnswer.QuotaExceeded exceeded => new ClientAnswer.Refused("quota_exceeded") { ViolatedPolicies = exceeded.Violated },
        SendAnswer.KeyReused => new ClientAnswer.Refused("key_reused"),
        _ => new ClientAnswer.Refused("no_such_device"),
    };
}
