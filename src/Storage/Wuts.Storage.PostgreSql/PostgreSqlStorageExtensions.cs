using Microsoft.Extensions.DependencyInjection;
using Wuts.Storage.PostgreSql.Writing;
using Wuts.Storage.Sql;
using Wuts.Storage.Writing;

namespace Wuts.Storage.PostgreSql;

/// <summary>The entry to this project.</summary>
public static class PostgreSqlStorageExtensions
{
    /// <summary>
    /// Registers every storage port, on a PostgreSQL database that any number of processes may share. The caller also registers
    /// <see cref="ISecretProtector"/> and, if somebody wants to hear of new outbox events, <see cref="IOutboxListener"/>.
    /// </summary>
    /// <param name="connectionString">As Npgsql takes it. The database must exist; its tables are made by <see cref="IStorageInitializer"/>.</param>
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new PostgreSqlDatabase(connectionString));
        services.AddSingleton<SqlDatabase>(provider => provider.GetRequiredService<PostgreSqlDatabase>());
        services.AddSingleton<IFlushTarget>(_ => new PostgreSqlFlushTarget(connectionString));
        services.AddSingleton<IStorageInitializer, PostgreSqlInitializer>();
        return services.AddStores();
    }
}
