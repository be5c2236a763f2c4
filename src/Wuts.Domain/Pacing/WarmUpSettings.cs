using System.Collections.Immutable;
using Orleans;

namespace Wuts.Domain.Pacing;

/// <summary>What a device's owner wants of its warm-up; what is <c>null</c> is as configured for its transport.</summary>
/// <param name="Enabled">Whether it has one.</param>
/// <param name="StartedAt">When it began, for a number that was warmed up elsewhere; else when it was first paired.</param>
/// <param name="Schedule">New recipients a day, from the first day on; none after the last.</param>
[GenerateSerializer, Immutable, Alias("wuts.warm-up-settings")]
public sealed record WarmUpSettings(
    [property: Id(0)] bool? Enabled = null,
    [property: Id(1)] DateTimeOffset? StartedAt = null,
    [property: Id(2)] ImmutableArray<int>? Schedule = null);
