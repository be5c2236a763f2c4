using Wuts.Server.Security;
using Wuts.Storage;

namespace Wuts.Server;

/// <summary>Brings the database up to date and reads the master token, before anything uses them.</summary>
internal sealed class StorageStartup(IStorageInitializer storage, MasterToken masterToken) : IHostedService
{
    /// <summary>The master token, if it was made at this start.</summary>
    public string? MadeMasterToken { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await storage.InitializeAsync(cancellationToken);
        MadeMasterToken = await masterToken.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
