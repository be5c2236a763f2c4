namespace Orleans.Core
{
    /// <summary>One stored record of a grain.</summary>
    public interface IStorage
    {
        /// <summary>The version that was last read or written; <c>null</c> when there is no record.</summary>
        string? Etag { get; }

        /// <summary>Whether the record was in storage when it was last read, written or cleared.</summary>
        bool RecordExists { get; }

        /// <exception cref="Storage.InconsistentStateException">Somebody else has written the record since it was read.</exception>
        Task ClearStateAsync();

        /// <summary>Makes the state durable. Until this has returned, nothing is.</summary>
        /// <exception cref="Storage.InconsistentStateException">Somebody else has written the record since it was read.</exception>
        Task WriteStateAsync();

        /// <summary>Replaces the state in memory by the stored one.</summary>
        Task ReadStateAsync();

        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory; never <c>null</c> to begin with, if its type can be constructed.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A stored record that a grain's constructor asked for with <see cref="PersistentStateAttribute"/>. It is read before the grain activates.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;
}
