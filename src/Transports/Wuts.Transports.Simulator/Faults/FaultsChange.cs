using System.Text.Json.Serialization;

namespace Wuts.Transports.Simulator.Faults;

/// <summary>A change of the faults: what is <c>null</c> stays as it is. A seed, even the same, begins chance anew.</summary>
public sealed record FaultsChange
{
    [JsonPropertyName("seed")]
    public int? Seed { get; init; }

    [JsonPropertyName("latency_ms")]
    public LatencyRange? LatencyMs { get; init; }

    [JsonPropertyName("receipt_latency_ms")]
    public LatencyRange? ReceiptLatencyMs { get; init; }

    [JsonPropertyName("read_latency_ms")]
    public LatencyRange? ReadLatencyMs { get; init; }

    [JsonPropertyName("error_rate")]
    public double? ErrorRate { get; init; }

    [JsonPropertyName("drop_rate")]
    public double? DropRate { get; init; }

    [JsonPropertyName("timeout_after_accept_rate")]
    public double? TimeoutAfterAcceptRate { get; init; }

    [JsonPropertyName("send_timeout_ms")]
    public int? SendTimeoutMs { get; init; }

    [JsonPropertyName("duplicate_rate")]
    public double? DuplicateRate { get; init; }

    [JsonPropertyName("reorder_rate")]
    public double? ReorderRate { get; init; }

    [JsonPropertyName("reorder_delay_ms")]
    public LatencyRange? ReorderDelayMs { get; init; }

    [JsonPropertyName("block_rate")]
    public double? BlockRate { get; init; }

    [JsonPropertyName("report_rate")]
    public double? ReportRate { get; init; }

    [JsonPropertyName("reply_rate")]
    public double? ReplyRate { get; init; }

    [JsonPropertyName("reply_text")]
    public string? ReplyText { get; init; }

    [JsonPropertyName("max_per_second")]
    public double? MaxPerSecond { get; init; }

    internal NetworkFaults ApplyTo(NetworkFaults now) => new()
    {
        Seed = Seed ?? now.Seed,
        LatencyMs = LatencyMs ?? now.LatencyMs,
        ReceiptLatencyMs = ReceiptLatencyMs ?? now.ReceiptLatencyMs,
        ReadLatencyMs = ReadLatencyMs ?? now.ReadLatencyMs,
        ErrorRate = ErrorRate ?? now.ErrorRate,
        DropRate = DropRate ?? now.DropRate,
        TimeoutAfterAcceptRate = TimeoutAfterAcceptRate ?? now.TimeoutAfterAcceptRate,
        SendTimeoutMs = SendTimeoutMs ?? now.SendTimeoutMs,
        DuplicateRate = DuplicateRate ?? now.DuplicateRate,
        ReorderRate = ReorderRate ?? now.ReorderRate,
        ReorderDelayMs = ReorderDelayMs ?? now.ReorderDelayMs,
        BlockRate = BlockRate ?? now.BlockRate,
        ReportRate = ReportRate ?? now.ReportRate,
        ReplyRate = ReplyRate ?? now.ReplyRate,
        ReplyText = ReplyText ?? now.ReplyText,
        MaxPerSecond = MaxPerSecond ?? now.MaxPerSecond,
    };
}
