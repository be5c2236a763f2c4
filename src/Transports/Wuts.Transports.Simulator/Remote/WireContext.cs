using System.Text.Json.Serialization;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>The shapes of <see cref="WireJson"/>, written by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(DeviceKeyConverter)])]
[JsonSerializable(typeof(ConnectBody))]
[JsonSerializable(typeof(DeviceBody))]
[JsonSerializable(typeof(PairCodeBody))]
[JsonSerializable(typeof(TypingBody))]
[JsonSerializable(typeof(SendBody))]
[JsonSerializable(typeof(LookUpBody))]
[JsonSerializable(typeof(LogoutAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(PairingTicket))]
[JsonSerializable(typeof(EventsBody))]
[JsonSerializable(typeof(ConnectOutcome))]
[JsonSerializable(typeof(ConnectOutcome.Connected), TypeInfoPropertyName = "ConnectConnected")]
[JsonSerializable(typeof(ConnectOutcome.LoggedOut), TypeInfoPropertyName = "ConnectLoggedOut")]
[JsonSerializable(typeof(ConnectOutcome.Banned), TypeInfoPropertyName = "ConnectBanned")]
[JsonSerializable(typeof(ConnectOutcome.Failed), TypeInfoPropertyName = "ConnectFailed")]
[JsonSerializable(typeof(SendOutcome))]
[JsonSerializable(typeof(SendOutcome.Accepted))]
[JsonSerializable(typeof(SendOutcome.Refused))]
[JsonSerializable(typeof(SendOutcome.NotConnected))]
[JsonSerializable(typeof(SendOutcome.Unknown))]
[JsonSerializable(typeof(SendEvidence))]
[JsonSerializable(typeof(SendEvidence.Taken))]
[JsonSerializable(typeof(SendEvidence.NotTaken))]
[JsonSerializable(typeof(SendEvidence.Silent))]
[JsonSerializable(typeof(DeviceEvent.Receipt))]
[JsonSerializable(typeof(DeviceEvent.MessageReceived))]
[JsonSerializable(typeof(DeviceEvent.Paired))]
[JsonSerializable(typeof(DeviceEvent.PairingFailed))]
[JsonSerializable(typeof(DeviceEvent.Disconnected))]
[JsonSerializable(typeof(DeviceEvent.LoggedOut))]
[JsonSerializable(typeof(DeviceEvent.Banned))]
[JsonSerializable(typeof(DeviceEvent.QualityChanged))]
[JsonSerializable(typeof(DeviceEvent.Restricted))]
internal sealed partial class WireContext : JsonSerializerContext;
