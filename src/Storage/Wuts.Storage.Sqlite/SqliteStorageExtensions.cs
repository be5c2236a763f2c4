using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage.Sql;
using Wuts.Storage.Sqlite.Writing;
using Wuts.Storage.Writing;

namespace Wuts.Storage.Sqlite;

/// <summary>The entry to this project.</summary>
public static class SqliteStorageExtensions
{
    /// <summary>
    /// Registers every storage port, on a SQLite file of one process. The caller also registers <see cref="ISecretProtector"/> and,
    /// if somebody wants to hear of new outbox events, <see cref="IOutboxListener"/>.
    /// </summary>
    /// <param name="connectionString">As Microsoft.Data.Sqlite takes it: <c>Data Source=data/wuts.db</c>. File and folder are made if missing.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new SqliteDatabase(connectionString));
        services.AddSingleton<SqlDatabase>(provider => provider.GetRequiredService<SqliteDatabase>());
        services.AddSingleton<IFlushTarget, SqliteFlushTarget>();
        services.AddSingleton<IStorageInitializer, SqliteInitializer>();
        return services.AddStores();
    }
}
