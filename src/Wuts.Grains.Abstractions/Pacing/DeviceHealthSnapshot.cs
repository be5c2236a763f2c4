using System.Collections.Immutable;
using Orleans;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;

namespace Wuts.Grains.Pacing;

/// <summary>A number's health, why it is so, and what it does to its pace.</summary>
[GenerateSerializer, Immutable, Alias("wuts.device-health-snapshot")]
public sealed record DeviceHealthSnapshot
{
    [Id(0)] public required Device Device { get; init; }

    [Id(1)] public required HealthReport Report { get; init; }

    [Id(2)] public required PaceSnapshot Pace { get; init; }

    /// <summary>Those in force.</summary>
    [Id(3)] public required ImmutableArray<Restriction> Restrictions { get; init; }

    [Id(4)] public required WarmUpSnapshot WarmUp { get; init; }
}

/// <summary>How fast a number sends now. Rates are messages a second.</summary>
[GenerateSerializer, Immutable, Alias("wuts.pace-snapshot")]
public sealed record PaceSnapshot
{
    /// <summary>As it is, with the changes that led there.</summary>
    [Id(0)] public required Pace Pace { get; init; }

    [Id(1)] public required double Ceiling { get; init; }

    [Id(2)] public required double Floor { get; init; }

    /// <summary>The highest that its rating allows.</summary>
    [Id(3)] public required double Cap { get; init; }

    [Id(4)] public required ImmutableArray<CategoryPace> Categories { get; init; }

    /// <summary>When it is at its cap again, without further signals; <c>null</c> when it is.</summary>
    [Id(5)] public required DateTimeOffset? RecoveredAt { get; init; }
}

/// <summary>How fast one kind of traffic leaves, messages a second.</summary>
[GenerateSerializer, Immutable, Alias("wuts.category-pace")]
public sealed record CategoryPace([property: Id(0)] Category Category, [property: Id(1)] double Rate);

/// <summary>How far a number's warm-up is. Days are UTC days, given as their midnight.</summary>
[GenerateSerializer, Immutable, Alias("wuts.warm-up-snapshot")]
public sealed record WarmUpSnapshot
{
    /// <summary>Whether it has one at all.</summary>
    [Id(0)] public required bool Enabled { get; init; }

    /// <summary>Its first day; <c>null</c> for a number that was never paired.</summary>
    [Id(1)] public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>New recipients a day, from the first day on.</summary>
    [Id(2)] public required ImmutableArray<int> Schedule { get; init; }

    /// <summary>Today and every later day for which somebody is planned.</summary>
    [Id(3)] public required ImmutableArray<WarmUpDay> Days { get; init; }

    /// <summary>The first day without a limit.</summary>
    [Id(4)] public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>Whether there is no limit now.</summary>
    [Id(5)] public required bool IsOver { get; init; }

    /// <summary>Messages that wait for another day.</summary>
    [Id(6)] public required int Held { get; init; }
}

/// <summary>One day of a warm-up.</summary>
/// <param name="Number">1 for the first day.</param>
/// <param name="Allowed">How many new recipients it allows; <c>null</c> for any number.</param>
/// <param name="Planned">How many count on it.</param>
[GenerateSerializer, Immutable, Alias("wuts.warm-up-day")]
public sealed record WarmUpDay(
    [property: Id(0)] DateTimeOffset Date, [property: Id(1)] int Number, [property: Id(2)] int? Allowed, [property: Id(3)] int Planned);
