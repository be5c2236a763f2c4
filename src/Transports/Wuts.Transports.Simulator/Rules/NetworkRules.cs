using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Wuts.Transports.Simulator.Faults;

namespace Wuts.Transports.Simulator.Rules;

/// <summary>
/// The published rules by which the network bans and restricts numbers, beside <see cref="QualityRule"/>, which always holds. All
/// of them are off by default. A stranger of a number is another number that never wrote to it; groups and channels are nobody's.
/// </summary>
public sealed record NetworkRules
{
    /// <summary>How long a number's ban is remembered: a second one within it is a <see cref="RepeatBanMinutes"/> one.</summary>
    public static readonly TimeSpan BanMemory = TimeSpan.FromDays(7);

    /// <summary>The span in which strangers, and new chats, are counted.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether numbers are banned: those younger than <see cref="YoungDays"/> that write to more than <see cref="StrangersPerDay"/>
    /// strangers within 24 hours, and those of any age with reports over <see cref="ReportShare"/>. Both count anew after a ban.
    /// Default <c>false</c>.
    /// </summary>
    [JsonPropertyName("bans")]
    public bool Bans { get; init; }

    /// <summary>Until which age a number is watched for eagerness. Days since it came to be, default 14.</summary>
    [JsonPropertyName("young_days")]
    public int YoungDays { get; init; } = 14;

    /// <summary>To how many strangers a young number may write within 24 hours. Default 50.</summary>
    [JsonPropertyName("strangers_per_day")]
    public int StrangersPerDay { get; init; } = 50;

    /// <summary>Which share of its messages, counted as <see cref="QualityRule"/> does, may be reported. 0 to 1, default 0.03.</summary>
    [JsonPropertyName("report_share")]
    public double ReportShare { get; init; } = 0.03;

    /// <summary>How long a ban lasts. Minutes, default 1,440.</summary>
    [JsonPropertyName("ban_minutes")]
    public int BanMinutes { get; init; } = 1440;

    /// <summary>How long it lasts when the last one began less than a week before. Minutes, default 10,080.</summary>
    [JsonPropertyName("repeat_ban_minutes")]
    public int RepeatBanMinutes { get; init; } = 10_080;

    /// <summary>
    /// How many new chats (first messages to a stranger) a number may open in 24 hours, which begin with the first of them; 0 for
    /// any number. Its devices are told when half, a tenth and none are left. Default 0.
    /// </summary>
    [JsonPropertyName("new_chat_cap")]
    public int NewChatCap { get; init; }

    /// <summary>For how long a number that turns red may not write to strangers at all; 0 for not at all. Minutes, default 0.</summary>
    [JsonPropertyName("reach_out_minutes")]
    public int ReachOutMinutes { get; init; }

    /// <summary>What is wrong with it, field by field; empty when nothing is.</summary>
    public ImmutableArray<FaultError> Validate()
    {
        const int longest = 525_600;
        const int most = 1_000_000;
        return
        [
            .. Check("young_days", YoungDays, 0, 3650, "days"),
            .. Check("strangers_per_day", StrangersPerDay, 0, most, "strangers"),
            .. ReportShare is >= 0 and <= 1 ? ImmutableArray<FaultError>.Empty : [new("report_share", "must be 0 to 1", ReportShare)],
            .. Check("ban_minutes", BanMinutes, 1, longest, "minutes"),
            .. Check("repeat_ban_minutes", RepeatBanMinutes, 1, longest, "minutes"),
            .. Check("new_chat_cap", NewChatCap, 0, most, "chats; 0 is no cap"),
            .. Check("reach_out_minutes", ReachOutMinutes, 0, longest, "minutes; 0 is never"),
        ];
    }

    private static ImmutableArray<FaultError> Check(string field, int value, int least, int most, string unit) =>
        value >= least && value <= most ? [] : [new(field, $"must be {least} to {most} {unit}", value)];
}
