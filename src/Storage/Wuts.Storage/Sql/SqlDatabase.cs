using System.Collections.Immutable;
using System.Data.Common;

namespace Wuts.Storage.Sql;

/// <summary>
/// A database, for everything but the flushes of the batch writer. A text may hold several statements, separated by semicolons.
/// The rows are those of the last statement that returns any.
/// </summary>
internal abstract class SqlDatabase(SqlDialect dialect)
{
    public SqlDialect Dialect => dialect;

    /// <summary>The kind of database and where it is, without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>Reads. Nothing it reads is of a transaction that is not committed.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public abstract Task<ImmutableArray<T>> ReadAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken);

    /// <summary>Writes in one transaction.</summary>
    /// <exception cref="StorageUnavailableException">Whether it was committed is unknown.</exception>
    public abstract Task<ImmutableArray<T>> WriteAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken);

    public async Task<T?> FindAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken)
        where T : class
    {
        var rows = await ReadAsync(sql, parameters, map, cancellationToken);
        return rows.IsEmpty ? null : rows[0];
    }

    /// <summary>Writes, and says whether the last statement returned a row.</summary>
    public async Task<bool> WriteAsync(string sql, (string Name, object? Value)[] parameters, CancellationToken cancellationToken) =>
        !(await WriteAsync(sql, parameters, static _ => true, cancellationToken)).IsEmpty;

    protected async Task<ImmutableArray<T>> RunAsync<T>(
        DbCommand command, (string Name, object? Value)[] parameters, Func<SqlRow, T> map, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in parameters)
        {
            // A command that is kept prepared has its parameters from the last time.
            var parameter = command.Parameters.Contains(name) ? command.Parameters[name] : Add(command, name);
            parameter.Value = dialect.ToParameter(value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = ImmutableArray.CreateBuilder<T>();
        do
        {
            if (reader.FieldCount == 0)
            {
                continue;
            }

            rows.Clear();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(map(new SqlRow(reader, dialect)));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return rows.DrainToImmutable();
    }

    private static DbParameter Add(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
