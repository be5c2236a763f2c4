using System.Text.Json.Serialization;

namespace Wuts.Transports.Simulator.Rules;

/// <summary>A change of the rules: what is <c>null</c> stays as it is. What was done by the old rules stays done.</summary>
public sealed record RulesChange
{
    [JsonPropertyName("bans")]
    public bool? Bans { get; init; }

    [JsonPropertyName("young_days")]
    public int? YoungDays { get; init; }

    [JsonPropertyName("strangers_per_day")]
    public int? StrangersPerDay { get; init; }

    [JsonPropertyName("report_share")]
    public double? ReportShare { get; init; }

    [JsonPropertyName("ban_minutes")]
    public int? BanMinutes { get; init; }

    [JsonPropertyName("repeat_ban_minutes")]
    public int? RepeatBanMinutes { get; init; }

    [JsonPropertyName("new_chat_cap")]
    public int? NewChatCap { get; init; }

    [JsonPropertyName("reach_out_minutes")]
    public int? ReachOutMinutes { get; init; }

    internal NetworkRules ApplyTo(NetworkRules now) => new()
    {
        Bans = Bans ?? now.Bans,
        YoungDays = YoungDays ?? now.YoungDays,
        StrangersPerDay = StrangersPerDay ?? now.StrangersPerDay,
        ReportShare = ReportShare ?? now.ReportShare,
        BanMinutes = BanMinutes ?? now.BanMinutes,
        RepeatBanMinutes = RepeatBanMinutes ?? now.RepeatBanMinutes,
        NewChatCap = NewChatCap ?? now.NewChatCap,
        ReachOutMinutes = ReachOutMinutes ?? now.ReachOutMinutes,
    };
}
