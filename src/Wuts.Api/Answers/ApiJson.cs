using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Wuts.Api.Consents;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Api.Health;
using Wuts.Api.Messages;
using Wuts.Api.Pacing;
using Wuts.Api.Quotas;
using Wuts.Api.Sending;
using Wuts.Api.Tenants;
using Wuts.Api.Webhooks;

namespace Wuts.Api.Answers;

/// <summary>Every shape that goes over the wire. Names are snake_case unless a member says otherwise, as the contract mixes them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(SecondsConverter)])]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegisterAnswer))]
[JsonSerializable(typeof(TenantsAnswer))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(CreateUserAnswer))]
[JsonSerializable(typeof(UsersAnswer))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(LimitsAnswerBody))]
[JsonSerializable(typeof(UsageAnswer))]
[JsonSerializable(typeof(CreateDeviceRequest))]
[JsonSerializable(typeof(CreateDeviceAnswer))]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(DataAnswer<DeviceQueue>))]
[JsonSerializable(typeof(DataAnswer<DeviceStatus>))]
[JsonSerializable(typeof(DataAnswer<ConnectResult>))]
[JsonSerializable(typeof(DataAnswer<LinkResultData>))]
[JsonSerializable(typeof(DataAnswer<QrCode>))]
[JsonSerializable(typeof(DataAnswer<QrState>))]
[JsonSerializable(typeof(PairCodeRequest))]
[JsonSerializable(typeof(DataAnswer<PairCode>))]
[JsonSerializable(typeof(SendTextRequest))]
[JsonSerializable(typeof(SendAnswerSent))]
[JsonSerializable(typeof(SendAnswerPending))]
[JsonSerializable(typeof(MessageStatusAnswer))]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(DeviceHealthAnswer))]
[JsonSerializable(typeof(WarmUpRequest))]
[JsonSerializable(typeof(WarmUpAnswer))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(WebhookEventsAnswer))]
[JsonSerializable(typeof(DeadLettersAnswer))]
[JsonSerializable(typeof(ConsentRequest))]
[JsonSerializable(typeof(ConsentRowRequest))]
[JsonSerializable(typeof(ConsentAnswer))]
[JsonSerializable(typeof(ConsentsAnswer))]
[JsonSerializable(typeof(ConsentResource))]
[JsonSerializable(typeof(ConsentResource[]))]
[JsonSerializable(typeof(ConsentImportAnswer))]
[JsonSerializable(typeof(ConsentPolicyRequest))]
[JsonSerializable(typeof(ConsentPolicyAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>With texts as they are, not escaped for HTML pages: answers are never put into one.</summary>
    public static ApiJson Wire =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
