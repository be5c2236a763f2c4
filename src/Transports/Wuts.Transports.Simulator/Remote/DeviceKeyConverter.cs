using System.Text.Json;
using System.Text.Json.Serialization;
using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>A device as <c>{tenant}/{device}</c>.</summary>
internal sealed class DeviceKeyConverter : JsonConverter<DeviceKey>
{
    public override DeviceKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return DeviceKey.Parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(null, e); // without a message of ours the library adds the path
        }
    }

    public override void Write(Utf8JsonWriter writer, DeviceKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
