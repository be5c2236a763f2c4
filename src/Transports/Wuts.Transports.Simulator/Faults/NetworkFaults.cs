using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Faults;

/// <summary>
/// How slow and how unreliable the network is. Rates are shares of all cases, 0 to 1. The same seed, and the same calls in the
/// same order, bring the same faults.
/// </summary>
public sealed record NetworkFaults
{
    /// <summary>Where chance begins. Default 1.</summary>
    [JsonPropertyName("seed")]
    public int Seed { get; init; } = 1;

    /// <summary>How long a send or a connect takes. Milliseconds, default 30 to 120.</summary>
    [JsonPropertyName("latency_ms")]
    public LatencyRange LatencyMs { get; init; } = LatencyRange.Of(30, 120);

    /// <summary>From a message's acceptance to its delivery on a phone that is online. Milliseconds, default 100 to 400.</summary>
    [JsonPropertyName("receipt_latency_ms")]
    public LatencyRange ReceiptLatencyMs { get; init; } = LatencyRange.Of(100, 400);

    /// <summary>From delivery to read, and from read to played. Milliseconds, default 500 to 2,000.</summary>
    [JsonPropertyName("read_latency_ms")]
    public LatencyRange ReadLatencyMs { get; init; } = LatencyRange.Of(500, 2000);

    /// <summary>Share of sends that are refused for the moment (<c>throttled</c>). Default 0.</summary>
    [JsonPropertyName("error_rate")]
    public double ErrorRate { get; init; }

    /// <summary>Share of sends that break their link. A coin decides whether the message was taken before. Default 0.</summary>
    [JsonPropertyName("drop_rate")]
    public double DropRate { get; init; }

    /// <summary>Share of sends that are taken, but whose answer never comes. Default 0.</summary>
    [JsonPropertyName("timeout_after_accept_rate")]
    public double TimeoutAfterAcceptRate { get; init; }

    /// <summary>How long a sender waits for an answer before it calls the outcome unknown. Milliseconds, default 10,000.</summary>
    [JsonPropertyName("send_timeout_ms")]
    public int SendTimeoutMs { get; init; } = 10_000;

    /// <summary>Share of events that are brought twice. Default 0.</summary>
    [JsonPropertyName("duplicate_rate")]
    public double DuplicateRate { get; init; }

    /// <summary>Share of events that come late, and so after later ones. Default 0.</summary>
    [JsonPropertyName("reorder_rate")]
    public double ReorderRate { get; init; }

    /// <summary>How late those come. Milliseconds, default 50 to 1,000.</summary>
    [JsonPropertyName("reorder_delay_ms")]
    public LatencyRange ReorderDelayMs { get; init; } = LatencyRange.Of(50, 1000);

    /// <summary>Share of messages to strangers (who never wrote to the sender) whose recipient blocks the sender. Default 0.</summary>
    [JsonPropertyName("block_rate")]
    public double BlockRate { get; init; }

    /// <summary>Share of messages to strangers whose recipient reports the sender. Default 0.</summary>
    [JsonPropertyName("report_rate")]
    public double ReportRate { get; init; }

    /// <summary>Share of messages whose recipient replies <see cref="ReplyText"/>. Default 0.</summary>
    [JsonPropertyName("reply_rate")]
    public double ReplyRate { get; init; }

    /// <summary>What those reply. Default <c>STOP</c>.</summary>
    [JsonPropertyName("reply_text")]
    public string ReplyText { get; init; } = "STOP";

    /// <summary>
    /// How many messages a second are taken from one number; what comes faster is refused for the moment (<c>throttled</c>) with the
    /// time to wait. Less than 1 is one in more than a second. Default 0: any number.
    /// </summary>
    [JsonPropertyName("max_per_second")]
    public double MaxPerSecond { get; init; }

    /// <summary>Every latency is zero. For load and for tests.</summary>
    public static NetworkFaults Instant { get; } = new()
    {
        LatencyMs = LatencyRange.Of(0, 0),
        ReceiptLatencyMs = LatencyRange.Of(0, 0),
        ReadLatencyMs = LatencyRange.Of(0, 0),
    };

    /// <summary>What is wrong with it, field by field; empty when nothing is.</summary>
    public ImmutableArray<FaultError> Validate() =>
    [
        .. CheckRange("latency_ms", LatencyMs),
        .. CheckRange("receipt_latency_ms", ReceiptLatencyMs),
        .. CheckRange("read_latency_ms", ReadLatencyMs),
        .. CheckRange("reorder_delay_ms", ReorderDelayMs),
        .. CheckRate("error_rate", ErrorRate),
        .. CheckRate("drop_rate", DropRate),
        .. CheckRate("timeout_after_accept_rate", TimeoutAfterAcceptRate),
        .. CheckRate("duplicate_rate", DuplicateRate),
        .. CheckRate("reorder_rate", ReorderRate),
        .. CheckRate("block_rate", BlockRate),
        .. CheckRate("report_rate", ReportRate),
        .. CheckRate("reply_rate", ReplyRate),
        .. ReplyText is not { Length: > 0 and <= TextContent.MaxLength }
            ? [new FaultError("reply_text", $"must be 1 to {TextContent.MaxLength} characters", ReplyText)]
            : ImmutableArray<FaultError>.Empty,
        .. MaxPerSecond is >= 0.001 and <= Standing.SendsKept or 0
            ? ImmutableArray<FaultError>.Empty
            : [new FaultError("max_per_second", $"must be 0 for any number, or 0.001 to {Standing.SendsKept}", MaxPerSecond)],
        .. SendTimeoutMs is < 1 or > LatencyRange.Longest
            ? [new FaultError("send_timeout_ms", $"must be 1 to {LatencyRange.Longest} milliseconds", SendTimeoutMs)]
            : ImmutableArray<FaultError>.Empty,
    ];

    private static ImmutableArray<FaultError> CheckRate(string field, double rate) =>
        rate is >= 0 and <= 1 ? [] : [new(field, "must be 0 to 1", rate)];

    private static ImmutableArray<FaultError> CheckRange(string field, LatencyRange range) =>
        range.Min is < 0 or > LatencyRange.Longest ? [new($"{field}.min", $"must be 0 to {LatencyRange.Longest} milliseconds", range.Min)]
        : range.Max is < 0 or > LatencyRange.Longest ? [new($"{field}.max", $"must be 0 to {LatencyRange.Longest} milliseconds", range.Max)]
        : range.Max < range.Min ? [new($"{field}.max", $"must not be less than {field}.min, which is {range.Min}", range.Max)]
        : [];
}

/// <summary>A field that is out of its range.</summary>
public sealed record FaultError(string Field, string Message, object? Value);
