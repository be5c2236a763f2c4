namespace Wuts.Storage;

/// <summary>Encrypts what must not be read from a stolen database. The composition root provides it.</summary>
public interface ISecretProtector
{
    /// <summary>Encrypts; two calls with one secret may give two different texts.</summary>
    string Protect(string secret);

    /// <summary>Gives back what <see cref="Protect"/> was given, also in another process of the same installation.</summary>
    string Unprotect(string protectedSecret);
}
