using System.Text.Json;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Control;

/// <summary>A webhook as it came.</summary>
/// <param name="Seq">1, 2, 3… for each name.</param>
/// <param name="Headers">All of them; several of one name are joined by a comma.</param>
/// <param name="Body">Exactly what came, as text.</param>
/// <param name="Json">The body parsed; absent when it is not JSON.</param>
internal sealed record ReceivedWebhook(
    [property: JsonPropertyName("seq")] long Seq,
    [property: JsonPropertyName("received_at"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset ReceivedAt,
    [property: JsonPropertyName("headers")] IReadOnlyDictionary<string, string> Headers,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("json")] JsonElement? Json = null);

/// <summary>How the sink answers under a name.</summary>
/// <param name="Status">200 to 599; default 200.</param>
/// <param name="DelayMs">Milliseconds before it answers, up to 120,000; default 0.</param>
internal sealed record WebhookAnswer(
    [property: JsonPropertyName("status")] int Status = 200,
    [property: JsonPropertyName("delay_ms")] int DelayMs = 0);
