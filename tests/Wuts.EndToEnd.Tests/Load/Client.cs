using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Wuts.Domain.Delivery;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>
/// A tenant's program that sends through one device, message after message. It repeats a request with its key until it is answered;
/// some requests it breaks off, some it makes twice at the same time, some messages it sends under two keys, some without any.
/// </summary>
internal sealed class Client(HttpClient http, Tenant tenant, int number, Random chance, RequestLog log)
{
    private const int Chats = 3;
    private const int LateRepeats = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(2);

    private readonly string _device = tenant.Devices[number].Id;
    private readonly List<(Order Order, string Key)> _sent = [];
    private int _messages;

    /// <summary>Sends at least so many messages, and then on until it is enough. At the end it repeats some of the old requests.</summary>
    public async Task RunAsync(int atLeast, CancellationToken enough)
    {
        while (_messages < atLeast || !enough.IsCancellationRequested)
        {
            await SendOneAsync();
            await Task.Delay(LongestPause * chance.NextDouble(), CancellationToken.None); // the pace of the load
        }

        foreach (var (order, key) in chance.GetItems(_sent.ToArray(), LateRepeats))
        {
            await SendSurelyAsync(order, key);
        }
    }

    /// <summary>Queues so many messages, each typed for a second, without waiting for any to leave.</summary>
    public async Task QueueAsync(int messages)
    {
        for (_messages = 1; _messages <= messages; _messages++)
        {
            await SendSurelyAsync(
                new Order(_device, $"5511{number:000}88{chance.Next(Chats):0000}", $"message {_messages}", TimeSpan.Zero, TypingSeconds: 1), $"{number}-{_messages}");
        }
    }

    private async Task SendOneAsync()
    {
        var habit = chance.Next(20);
        var order = new Order(_device, $"5511{number:000}88{chance.Next(Chats):0000}", $"message {++_messages}", habit == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        var key = $"{number}-{_messages}";
        switch (habit)
        {
            case 1:
                await AskAsync(order, key: null, Patience); // without a key it must not repeat, whatever becomes of it
                return;
            case 2 or 3:
                await AskAsync(order, key, TimeSpan.FromMilliseconds(chance.Next(1, 40)));
                break;
            case 4:
                await Task.WhenAll(SendSurelyAsync(order, key), SendSurelyAsync(order, key));
                break;
            case 5:
                await SendSurelyAsync(order, $"{key}-again");
                break;
        }

        await SendSurelyAsync(order, key);
        _sent.Add((order, key));
    }

    private async Task SendSurelyAsync(Order order, string key)
    {
        var begun = DateTimeOffset.UtcNow;
        while (await AskAsync(order, key, Patience) is var answer and not ClientAnswer.Accepted)
        {
            Assert.False(answer is ClientAnswer.Refused { Code: var code } && !code.StartsWith("503 ", StringComparison.Ordinal), $"{order.Payload}: {answer}");
            Assert.True(DateTimeOffset.UtcNow - begun < GivesUpAfter, $"{order.Payload} was not accepted within {GivesUpAfter}.");
            await Task.Delay(100); // as a client that found the process down or busy
        }

        log.NoteStall(DateTimeOffset.UtcNow - begun - order.Delay);
    }

    private async Task<ClientAnswer> AskAsync(Order order, string? key, TimeSpan patience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/send/text") { Content = JsonContent.Create(order.Body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tenant.Token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (_messages % 2 == 0 || order.TypingSeconds > 0)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        using var hangUp = new CancellationTokenSource(patience);
        var askedAt = DateTimeOffset.UtcNow;
        DateTimeOffset? answeredAt = null;
        ClientAnswer answer = new ClientAnswer.None();
        try
        {
            using var response = await http.SendAsync(request, hangUp.Token);
            Assert.True(response.Headers.RetryAfter is not null || response.StatusCode != HttpStatusCode.ServiceUnavailable, "A 503 does not say when to come back.");
            answer = Understand((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(hangUp.Token))!);
            answeredAt = DateTimeOffset.UtcNow;
            if (answer is ClientAnswer.Refused { Code: var code })
            {
                log.NoteFailure(code);
            }
        }
        catch (HttpRequestException e) when (!hangUp.IsCancellationRequested)
        {
            log.NoteFailure(e.HttpRequestError.ToString());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // It hung up, or the link broke: it knows nothing.
        }

        log.Add(new ClientRequest(tenant.Id, order.DeviceId, order.Chat, key, order.Payload, askedAt, answeredAt, answer) { Delay = order.Delay });
        return answer;
    }

    private static ClientAnswer Understand(int status, JsonNode body) => status switch
    {
        200 => new ClientAnswer.Accepted((string)body["message_id"]!, MessageState.Sent),
        202 => new ClientAnswer.Accepted(
            (string)body["message_id"]!, (string)body["status"]! == "uncertain" ? MessageState.Uncertain : MessageState.Queued),
        _ => new ClientAnswer.Refused($"{status} {(string?)body["error_code"]}", (string?)body["message_id"]),
    };
}
