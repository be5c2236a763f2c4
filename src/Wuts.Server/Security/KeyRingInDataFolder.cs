using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Wuts.Server.Security;

/// <summary>Keeps the key ring in <c>keys</c> in the data folder.</summary>
internal sealed class KeyRingInDataFolder(DataFolder folder) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) =>
        options.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder.PathOf("keys")), NullLoggerFactory.Instance);
}
