using Wuts.Storage;

namespace Wuts.Testing.Memory;

/// <summary>There is no schema to bring up to date.</summary>
internal sealed class MemoryInitializer(MemoryConnection connection) : IStorageInitializer
{
    public string Description => "memory";

    public Task InitializeAsync(CancellationToken cancellationToken) => IsHealthyAsync(cancellationToken);

    public Task VerifyAsync(CancellationToken cancellationToken) => IsHealthyAsync(cancellationToken);

    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ReadAsync(static _ => true, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }
}
