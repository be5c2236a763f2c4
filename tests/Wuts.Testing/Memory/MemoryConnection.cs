using Wuts.Storage.Writing;

namespace Wuts.Testing.Memory;

/// <summary>
/// One process's way to the database, for everything but flushes. Calls are answered at once; a double that derives from it chooses
/// when they are, and whether.
/// </summary>
/// <param name="writer">The process's writer. Without one, for a test in which nothing depends on it, each hot write is a flush of its own.</param>
internal class MemoryConnection(MemoryDatabase database, BatchWriter? writer = null)
{
    /// <summary>Reads what is committed.</summary>
    public virtual Task<T> ReadAsync<T>(Func<MemoryTables, T> read, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<T>(cancellationToken) : Task.FromResult(database.Read(read));

    /// <summary>Writes in one transaction.</summary>
    public virtual Task<T> WriteAsync<T>(Func<MemoryTables, T> write, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<T>(cancellationToken) : Task.FromResult(database.Write(write));

    /// <summary>A hot write: see <see cref="BatchWriter.WriteAsync"/>.</summary>
    public Task<int> FlushAsync(StorageWrite write, CancellationToken cancellationToken) =>
        writer is null
            ? Task.FromResult(new MemoryFlushTarget(database).Commit([write]).Stored[0])
            : writer.WriteAsync(write, cancellationToken);
}
