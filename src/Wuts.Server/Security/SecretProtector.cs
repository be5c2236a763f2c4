using Microsoft.AspNetCore.DataProtection;
using Wuts.Storage;

namespace Wuts.Server.Security;

/// <summary>Encrypts with the key ring in the data folder, so that a copy of the database alone gives no secret away.</summary>
internal sealed class SecretProtector(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("Wuts.Secrets.v1");

    public string Protect(string secret) => _protector.Protect(secret);

    public string Unprotect(string protectedSecret) => _protector.Unprotect(protectedSecret);
}
