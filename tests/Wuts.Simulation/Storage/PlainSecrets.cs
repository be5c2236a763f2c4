using Wuts.Storage;

namespace Wuts.Simulation.Storage;

/// <summary>Keeps secrets as they are: a simulated database is not stolen.</summary>
internal sealed class PlainSecrets : ISecretProtector
{
    public string Protect(string secret) => secret;

    public string Unprotect(string protectedSecret) => protectedSecret;
}
