using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Storage.Sql;

/// <summary>What is stored as JSON text.</summary>
internal static class StoredJson
{
    // Text stays text: only what JSON itself forbids is escaped. Whoever puts it into a page encodes it there.
    private static readonly JsonSerializerOptions Options = new(StoredJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = StoredJsonContext.Default.WithAddedModifier(LeaveKindToTheDiscriminator),
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Info<T>.Value);

    public static T Read<T>(string json) => JsonSerializer.Deserialize(json, Info<T>.Value) ?? throw new JsonException("A stored value is null.");

    // A kind of content states its kind as a property too, under the very name of the discriminator.
    private static void LeaveKindToTheDiscriminator(JsonTypeInfo type)
    {
        if (type.Type.IsAssignableTo(typeof(MessageContent)) && type.Properties.FirstOrDefault(property => property.Name == "kind") is { } kind)
        {
            type.Properties.Remove(kind);
        }
    }

    private static class Info<T>
    {
        public static readonly JsonTypeInfo<T> Value = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}

/// <summary>The types that are stored so. Names of properties are stored: never rename them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(FailureClassConverter), typeof(DeliveryStageConverter), typeof(PaceSignalConverter), typeof(CategoryConverter), typeof(QualityRatingConverter),
        typeof(RestrictionKindConverter), typeof(HealthBandConverter),
    ])]
[JsonSerializable(typeof(MessageContent))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(InboundMessage))]
[JsonSerializable(typeof(DeliveryEvent))]
[JsonSerializable(typeof(DeviceHealth))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(ImmutableDictionary<string, string>))]
internal sealed partial class StoredJsonContext : JsonSerializerContext;

internal sealed class FailureClassConverter() : JsonStringEnumConverter<FailureClass>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class PaceSignalConverter() : JsonStringEnumConverter<PaceSignal>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class CategoryConverter() : JsonStringEnumConverter<Category>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class QualityRatingConverter() : JsonStringEnumConverter<QualityRating>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class RestrictionKindConverter() : JsonStringEnumConverter<RestrictionKind>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class HealthBandConverter() : JsonStringEnumConverter<HealthBand>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class DeliveryStageConverter() : JsonStringEnumConverter<DeliveryStage>(JsonNamingPolicy.SnakeCaseLower);
