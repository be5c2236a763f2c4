using System.Collections.Immutable;

namespace Wuts.Domain.Pacing;

/// <summary>The schedules that there are without configuration: new recipients a day, from the first day on.</summary>
public static class WarmUpSchedules
{
    /// <summary>How long a schedule may be.</summary>
    public const int MaxDays = 365;

    /// <summary>The most that one day may allow.</summary>
    public const int MaxPerDay = 1_000_000;

    /// <summary>
    /// For numbers of the Cloud API. A new business portfolio may open 250 conversations in 24 hours (Meta, "Messaging limits",
    /// developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits); its next tiers are 2,000, 10,000 and
    /// 100,000. Doubling a day from there is ours: no faster than Meta raises tiers (at most every 6 hours, after half of a tier was used).
    /// </summary>
    public static ImmutableArray<int> Published { get; } = [250, 500, 1000, 2000, 4000, 8000, 10_000];

    /// <summary>
    /// For linked devices, of which WhatsApp publishes nothing. The numbers are ours: users of such libraries report restrictions after
    /// 15 to 20 strangers in a day (github.com/WhiskeySockets/Baileys/issues/1983), so it begins there and grows by half a day.
    /// </summary>
    public static ImmutableArray<int> Linked { get; } = [20, 30, 45, 70, 105, 160, 240, 360, 540, 800, 1200, 1800, 2700, 4000];
}
