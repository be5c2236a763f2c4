using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Phones;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Control;

// What the control API takes. Everything may be missing: the endpoint then says which field it wants.

internal sealed record NewPhoneBody([property: JsonPropertyName("number")] string? Number);

/// <param name="QrCode">What the QR shows.</param>
internal sealed record ScanBody([property: JsonPropertyName("qr_code")] string? QrCode);

/// <param name="Code">The pair code, with or without its dash.</param>
internal sealed record PairBody([property: JsonPropertyName("code")] string? Code);

/// <param name="To">The number to write to.</param>
/// <param name="Text">1 to 4096 characters.</param>
internal sealed record WriteBody([property: JsonPropertyName("to")] string? To, [property: JsonPropertyName("text")] string? Text);

/// <param name="Device">The device to remove, as <c>{tenant}/{device}</c>.</param>
internal sealed record UnlinkBody([property: JsonPropertyName("device")] string? Device);

/// <param name="To">The number that is reported.</param>
internal sealed record ReportBody([property: JsonPropertyName("to")] string? To);

// What it answers.

internal abstract record SuccessBody
{
    [JsonPropertyName("success"), JsonPropertyOrder(-1)]
    public bool Success { get; } = true;
}

internal sealed record PhoneBody([property: JsonPropertyName("phone")] PhoneView Phone) : SuccessBody;

/// <param name="Next">The number to ask after for the next page; the same as asked when there are no more.</param>
internal sealed record PhonesBody(
    [property: JsonPropertyName("phones")] ImmutableArray<PhoneView> Phones,
    [property: JsonPropertyName("next")] string Next) : SuccessBody;

/// <param name="Device">The device that is linked now, as <c>{tenant}/{device}</c>.</param>
internal sealed record PairedBody(
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("jid")] string Jid) : SuccessBody;

internal sealed record UnlinkedBody : SuccessBody;

internal sealed record ReportedBody : SuccessBody;

/// <param name="Devices">How many linked devices are told.</param>
internal sealed record WrittenBody(
    [property: JsonPropertyName("message_id")] string MessageId,
    [property: JsonPropertyName("devices")] int Devices) : SuccessBody;

internal sealed record FaultsBody([property: JsonPropertyName("faults")] NetworkFaults Faults) : SuccessBody;

/// <param name="Rules">The rules that can be changed.</param>
/// <param name="Quality">The rule by which numbers are rated, which always holds.</param>
internal sealed record RulesBody(
    [property: JsonPropertyName("rules")] NetworkRules Rules,
    [property: JsonPropertyName("quality")] QualityRuleBody Quality) : SuccessBody;

/// <summary><see cref="QualityRule"/> as it is published.</summary>
internal sealed record QualityRuleBody
{
    [JsonPropertyName("messages")]
    public int Messages { get; } = QualityRule.Messages;

    [JsonPropertyName("least_messages")]
    public int LeastMessages { get; } = QualityRule.LeastMessages;

    [JsonPropertyName("hours")]
    public double Hours { get; } = QualityRule.Memory.TotalHours;

    [JsonPropertyName("yellow_share")]
    public double YellowShare { get; } = QualityRule.YellowShare;

    [JsonPropertyName("red_share")]
    public double RedShare { get; } = QualityRule.RedShare;
}

/// <param name="Next">Ask after it for the next page.</param>
/// <param name="LastSeq">The last line there is.</param>
internal sealed record LogBody(
    [property: JsonPropertyName("entries")] ImmutableArray<LogEntry> Entries,
    [property: JsonPropertyName("next")] long Next,
    [property: JsonPropertyName("last_seq")] long LastSeq) : SuccessBody;

internal sealed record WebhooksBody(
    [property: JsonPropertyName("events")] ImmutableArray<ReceivedWebhook> Events,
    [property: JsonPropertyName("next")] long Next) : SuccessBody;

internal sealed record WebhookAnswerBody(
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("delay_ms")] int DelayMs) : SuccessBody;
