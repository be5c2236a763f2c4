using System.ComponentModel.DataAnnotations;

namespace Wuts.Storage;

/// <summary>The batch writer of a process.</summary>
public sealed class BatchWriterOptions
{
    public const string Section = "Wuts:Storage:Writer";

    /// <summary>Rows of one flush at most. Default: 1000.</summary>
    [Range(1, 10_000)]
    public int MaxRows { get; set; } = 1000;

    /// <summary>
    /// Writes that may wait for a flush. Beyond that, writes are refused at once with <see cref="StorageUnavailableException"/>, so that a
    /// slow database shows as refusals and not as a growing heap: those of tenants that have more than an equal part of what waits, and, when twice as
    /// many wait, all. Default: 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;
}
