using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>
/// The JSON between the network, silos and gateways. Processes of two versions talk while one replaces the other: never rename a
/// field or a kind; one that is added is left out by who does not know it.
/// </summary>
internal static class WireJson
{
    private const string Kind = "kind";

    private static readonly JsonSerializerOptions Wire = new(WireContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = WireContext.Default.WithAddedModifier(NameKinds),
    };

    /// <summary>How a value travels. For one of a closed family ask for the family, whose JSON says the kind.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Wire.GetTypeInfo(typeof(T));

    // The families belong to other projects, which know nothing of this JSON.
    private static void NameKinds(JsonTypeInfo type)
    {
        if (type.Type.IsAssignableTo(typeof(MessageContent)) && type.Properties.FirstOrDefault(p => p.Name == Kind) is { } repeated)
        {
            type.Properties.Remove(repeated); // it names its own kinds
        }

        if (type.Type == typeof(DeviceEvent.Restricted))
        {
            type.Properties.Single(p => p.Name == Kind).Name = "restriction"; // the event's own kind has that name
        }

        JsonDerivedType[] kinds = type.Type == typeof(ConnectOutcome)
            ?
            [
                new(typeof(ConnectOutcome.Connected), "connected"),
                new(typeof(ConnectOutcome.LoggedOut), "logged_out"),
                new(typeof(ConnectOutcome.Banned), "banned"),
                new(typeof(ConnectOutcome.Failed), "failed"),
            ]
            : type.Type == typeof(SendOutcome)
            ?
            [
                new(typeof(SendOutcome.Accepted), "accepted"),
                new(typeof(SendOutcome.Refused), "refused"),
                new(typeof(SendOutcome.NotConnected), "not_connected"),
                new(typeof(SendOutcome.Unknown), "unknown"),
            ]
            : type.Type == typeof(SendEvidence)
            ?
            [
                new(typeof(SendEvidence.Taken), "taken"),
                new(typeof(SendEvidence.NotTaken), "not_taken"),
                new(typeof(SendEvidence.Silent), "silent"),
            ]
            : type.Type == typeof(DeviceEvent)
            ?
            [
                new(typeof(DeviceEvent.Receipt), "receipt"),
                new(typeof(DeviceEvent.MessageReceived), "message_received"),
                new(typeof(DeviceEvent.Paired), "paired"),
                new(typeof(DeviceEvent.PairingFailed), "pairing_failed"),
                new(typeof(DeviceEvent.Disconnected), "disconnected"),
                new(typeof(DeviceEvent.LoggedOut), "logged_out"),
                new(typeof(DeviceEvent.Banned), "banned"),
                new(typeof(DeviceEvent.QualityChanged), "quality_changed"),
                new(typeof(DeviceEvent.Restricted), "restricted"),
            ]
            : [];
        if (kinds.Length == 0)
        {
            return;
        }

        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Kind };
        foreach (var kind in kinds)
        {
            type.PolymorphismOptions.DerivedTypes.Add(kind);
        }
    }
}
