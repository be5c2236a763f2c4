using System.Collections.Immutable;

namespace Wuts.Storage.Sql;

internal sealed class SettingStore(SqlDatabase database) : ISettingStore
{
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) =>
        database.FindAsync("SELECT value FROM settings WHERE key = @key", [("key", key)], static row => row.Text(0), cancellationToken);

    public async Task<string> GetOrAddAsync(string key, string value, CancellationToken cancellationToken)
    {
        var stored = await database.WriteAsync(
            """
            INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO NOTHING;
            SELECT value FROM settings WHERE key = @key
            """,
            [("key", key), ("value", value)],
            static row => row.Text(0),
            cancellationToken);
        return stored[0];
    }

    public Task<ImmutableArray<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        database.ReadAsync(
            "SELECT value FROM settings WHERE substr(key, 1, length(@prefix)) = @prefix ORDER BY key",
            [("prefix", prefix)],
            static row => row.Text(0),
            cancellationToken);
}
