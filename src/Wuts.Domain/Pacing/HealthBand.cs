namespace Wuts.Domain.Pacing;

/// <summary>A number's health in one word; crossing a line is told by <c>device.quality</c>. The names are stored and shown: never rename them.</summary>
public enum HealthBand
{
    /// <summary>A score of <see cref="HealthReport.GoodFrom"/> or more.</summary>
    Good,

    /// <summary>Less, but <see cref="HealthReport.FairFrom"/> or more.</summary>
    Fair,

    /// <summary>Less than that.</summary>
    Poor,
}
