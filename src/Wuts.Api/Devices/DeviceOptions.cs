using System.ComponentModel.DataAnnotations;

namespace Wuts.Api.Devices;

/// <summary>How new devices reach WhatsApp. Section <c>Wuts:Devices</c>.</summary>
public sealed class DeviceOptions
{
    public const string Section = "Wuts:Devices";

    /// <summary>The transport of devices created by <c>POST /devices</c>. Default: <c>simulator</c>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = $"{Section}:{nameof(DefaultTransport)} must name a transport.")]
    public string DefaultTransport { get; init; } = "simulator";
}
