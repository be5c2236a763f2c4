using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Wuts.Server.Security;

/// <summary>Encrypts the keys of the key ring: AES-256-GCM under a key that HKDF-SHA256 makes from the configured one.</summary>
internal sealed class KeyEncryption(string configured) : IXmlEncryptor
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private static readonly XName Element = "aesGcm";

    private readonly byte[] _key = Derive(configured, "Wuts.KeyRing.v1");

    /// <summary>Tells one key from another and gives nothing of it away.</summary>
    public string Fingerprint { get; } = Convert.ToHexString(Derive(configured, "Wuts.KeyRing.Fingerprint.v1"));

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceBytes), plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length));
        return new EncryptedXmlInfo(new XElement(Element, Convert.ToBase64String(sealedBytes)), typeof(KeyDecryption));
    }

    public XElement Decrypt(XElement encrypted)
    {
        var sealedBytes = Convert.FromBase64String(encrypted.Value);
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }

    private static byte[] Derive(string configured, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(configured), 32, info: Encoding.UTF8.GetBytes(purpose));
}

/// <summary>Made by the framework, by its name in the key ring.</summary>
internal sealed class KeyDecryption(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        new KeyEncryption(services.GetRequiredService<IOptions<ServerOptions>>().Value.EncryptionKey!).Decrypt(encryptedElement);
}
