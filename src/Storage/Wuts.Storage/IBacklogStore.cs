namespace Wuts.Storage;

/// <summary>How far the installation is behind, for gauges and alerts.</summary>
public interface IBacklogStore
{
    /// <summary>Reads it as it is now. Cheap enough to be asked every few seconds by every process.</summary>
    /// <param name="now">What is due later is no backlog.</param>
    Task<Backlog> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>What waits, of all tenants.</summary>
/// <param name="OldestUnsent">The due time, or the day that it was held for, of the longest accepted of the messages that are due and have not left; <c>null</c> when there is none.</param>
/// <param name="Overdue">Messages that were sent, and flagged because no receipt came.</param>
/// <param name="Uncertain">Messages of which nobody knows whether they left, and which their devices have given up asking for.</param>
/// <param name="WebhookEvents">Events of enabled endpoints that were not tried yet.</param>
/// <param name="OldestWebhookEvent">The time of the oldest of these; <c>null</c> when there is none.</param>
/// <param name="WebhookRetries">Events that failed and are tried again later.</param>
public sealed record Backlog(
    DateTimeOffset? OldestUnsent, long Overdue, long Uncertain, long WebhookEvents, DateTimeOffset? OldestWebhookEvent, long WebhookRetries);
