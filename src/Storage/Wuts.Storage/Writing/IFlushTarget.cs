namespace Wuts.Storage.Writing;

/// <summary>A database, as the batch writer sees it.</summary>
internal interface IFlushTarget
{
    /// <summary>Stores the writes in one transaction. Called by one caller at a time; no two of the writes have one key.</summary>
    /// <exception cref="FlushRolledBackException">Nothing was stored, for sure.</exception>
    /// <exception cref="Exception">Any other: it is unknown whether the transaction was committed.</exception>
    Task<FlushOutcome> FlushAsync(IReadOnlyList<StorageWrite> writes);
}

/// <summary>What a committed flush came to.</summary>
/// <param name="Stored">
/// For each write, in their order: how many new things it stored. 0 for a message, a session or a health is a conflict; an inbox may hold all already.
/// </param>
/// <param name="Endpoints">The endpoints that have new events.</param>
internal sealed record FlushOutcome(int[] Stored, IReadOnlyCollection<EndpointKey> Endpoints);

/// <summary>The database undid the whole flush.</summary>
/// <param name="transient">
/// Whether the same flush may succeed at once (a deadlock); otherwise one of its rows is unacceptable to the database.
/// </param>
internal sealed class FlushRolledBackException(bool transient, Exception innerException)
    : Exception(innerException.Message, innerException)
{
    public bool Transient => transient;
}
