using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Wuts.Storage;

namespace Wuts.Server.Security;

/// <summary>
/// Keeps the key ring in the database, where every process of a cluster finds it, each key encrypted under
/// <see cref="ServerOptions.EncryptionKey"/>: a copy of the database alone still gives no secret away.
/// </summary>
internal sealed class KeyRingInDatabase(ISettingStore settings, IOptions<ServerOptions> options) : IConfigureOptions<KeyManagementOptions>, IXmlRepository
{
    private const string Prefix = "key_ring/";
    private const string First = "first";

    public void Configure(KeyManagementOptions management)
    {
        management.XmlRepository = this;
        management.XmlEncryptor = new KeyEncryption(options.Value.EncryptionKey!);
    }

    // The framework reads and writes keys only now and then, and knows no other way than to wait for it.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => settings.ListAsync(Prefix)).GetAwaiter().GetResult().Select(XElement.Parse)];

    // Processes that start together on a new database have each made a key by now. Only one is kept, and read back by all of them:
    // a process looks for keys of others no more than once a day.
    public void StoreElement(XElement element, string friendlyName) => Task.Run(async () =>
    {
        var name = (await settings.ListAsync(Prefix)).IsEmpty ? First : friendlyName;
        await settings.GetOrAddAsync(Prefix + name, element.ToString(SaveOptions.DisableFormatting));
    }).GetAwaiter().GetResult();
}
