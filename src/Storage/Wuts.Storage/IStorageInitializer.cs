namespace Wuts.Storage;

/// <summary>Brings the database up to this version's schema. Every other port may be used only after it.</summary>
public interface IStorageInitializer
{
    /// <summary>Applies missing migrations under a lock, so that any number of processes may start at once.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached, or is of a newer version than this program.</exception>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes nothing, and sees that the schema is the one that this program works with.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached, or is of another version than this program.</exception>
    Task VerifyAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the database answers, for readiness.</summary>
    Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default);

    /// <summary>The kind of database and where it is, without secrets, for people: <c>SQLite, data/wuts.db</c>.</summary>
    string Description { get; }
}
