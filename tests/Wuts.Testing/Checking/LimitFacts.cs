namespace Wuts.Testing.Checking;

/// <summary>
/// In any time <c>t</c> of a stretch a device hands over <c>PerSecond * t + Burst</c> messages at most, wherever it lives: the ceiling of
/// its pace, not the pace of the moment.
/// </summary>
/// <param name="Until"><c>null</c> for the end of the run.</param>
public sealed record PaceCeiling(string TenantId, string DeviceId, DateTimeOffset From, DateTimeOffset? Until, double PerSecond, double Burst)
{
    /// <summary>Whether it holds for each chat of the device by itself.</summary>
    public bool PerChat { get; init; }
}

/// <summary>A day on which a number may write to so many people to whom it never wrote, and who never wrote to it.</summary>
/// <param name="Day">In UTC.</param>
public sealed record WarmUpDay(string TenantId, string DeviceId, DateOnly Day, int MostStrangers);

/// <summary>How many messages of a tenant may be accepted.</summary>
/// <param name="Policy">Its name, as refusals have it.</param>
/// <param name="Window">In any time as long as this, its beginning included and its end not; <c>null</c> for each day in UTC.</param>
public sealed record TenantQuota(string TenantId, string Policy, int Most, TimeSpan? Window)
{
    /// <summary>From when on it was in force; <c>null</c> for always.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when it was in force; <c>null</c> for always.</summary>
    public DateTimeOffset? Until { get; init; }
}
