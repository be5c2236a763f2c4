using Microsoft.Extensions.Options;
using Wuts.Server.Security;
using Wuts.Storage;

namespace Wuts.Server;

/// <summary>Brings the database up to date, or sees that it is, and reads what the process needs of it before anything uses it.</summary>
internal sealed class StorageStartup(IStorageInitializer storage, ISettingStore settings, MasterToken masterToken, IOptions<ServerOptions> options) : IHostedService
{
    private const string KeyFingerprint = "encryption_key_fingerprint";

    /// <summary>The master token, if it was made at this start.</summary>
    public string? MadeMasterToken { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await (options.Value.Storage.Migrate ? storage.InitializeAsync(cancellationToken) : storage.VerifyAsync(cancellationToken));
        await RefuseOtherKeyAsync(cancellationToken);
        MadeMasterToken = await masterToken.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RefuseOtherKeyAsync(CancellationToken cancellationToken)
    {
        if (options.Value.EncryptionKey is { } key && new KeyEncryption(key).Fingerprint is var fingerprint
            && await settings.GetOrAddAsync(KeyFingerprint, fingerprint, cancellationToken) != fingerprint)
        {
            throw new StartupException(
                "Wuts:EncryptionKey is not the one with which the secrets in this database are encrypted. Give every process the key that was set first.");
        }
    }
}
