using System.Security.Cryptography;
using System.Text.Json;

namespace Wuts.Server.Demo;

/// <summary>What makes the demo tenant the same at every start.</summary>
internal sealed record DemoSecrets(string Token, string WebhookSecret, string TenantId, string UserId, string DeviceId);

/// <summary>The file of the demo tenant's secrets, readable by its owner only.</summary>
internal sealed class DemoFile(string path)
{
    public string Path => path;

    public async Task<DemoSecrets> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(path) && JsonSerializer.Deserialize<DemoSecrets>(await File.ReadAllTextAsync(path, cancellationToken)) is { } known)
        {
            return known;
        }

        var secrets = new DemoSecrets(
            Token: Guid.NewGuid().ToString(),
            WebhookSecret: "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            TenantId: Guid.NewGuid().ToString(),
            UserId: Guid.NewGuid().ToString(),
            DeviceId: Guid.NewGuid().ToString());
        var ownersOnly = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            ownersOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, ownersOnly);
        await JsonSerializer.SerializeAsync(file, secrets, cancellationToken: cancellationToken);
        return secrets;
    }
}
