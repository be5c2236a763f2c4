using Orleans;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Pacing;

/// <summary>Which share of a number's pace each kind of traffic may have, 0 to 1.</summary>
[GenerateSerializer, Immutable, Alias("wuts.category-factors")]
public sealed record CategoryFactors(
    [property: Id(0)] double Authentication = 1,
    [property: Id(1)] double Utility = 1,
    [property: Id(2)] double Service = 1,
    [property: Id(3)] double Marketing = 1)
{
    public bool IsFull => this is { Authentication: >= 1, Utility: >= 1, Service: >= 1, Marketing: >= 1 };

    public double Of(Category category) => category switch
    {
        Category.Authentication => Authentication,
        Category.Service => Service,
        Category.Marketing => Marketing,
        _ => Utility,
    };

    public CategoryFactors With(Category category, double factor) => category switch
    {
        Category.Authentication => this with { Authentication = factor },
        Category.Service => this with { Service = factor },
        Category.Marketing => this with { Marketing = factor },
        _ => this with { Utility = factor },
    };

    /// <summary>All of them nearer to one.</summary>
    public CategoryFactors Raised(double by) => new(
        Math.Min(1, Authentication + by), Math.Min(1, Utility + by), Math.Min(1, Service + by), Math.Min(1, Marketing + by));
}
