using System.Collections.Immutable;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

internal sealed class MemorySettingStore(MemoryConnection connection) : ISettingStore
{
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) =>
        connection.ReadAsync(tables => tables.Settings.GetValueOrDefault(key), cancellationToken);

    public Task<string> GetOrAddAsync(string key, string value, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            tables =>
            {
                tables.Settings.TryAdd(key, value);
                return tables.Settings[key];
            },
            cancellationToken);

    public Task<ImmutableArray<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        connection.ReadAsync(
            tables => tables.Settings
                .Where(setting => setting.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(setting => setting.Value)
                .ToImmutableArray(),
            cancellationToken);
}
