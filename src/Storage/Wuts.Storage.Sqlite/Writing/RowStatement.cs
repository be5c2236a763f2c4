using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Wuts.Storage.Sql;

namespace Wuts.Storage.Sqlite.Writing;

/// <summary>A statement that is executed row by row, its parameters named like the columns.</summary>
internal sealed class RowStatement<TRow>(IEnumerable<Column<TRow>> columns, string sql)
{
    private readonly ImmutableArray<Column<TRow>> _columns = [.. columns];

    /// <summary>Executes it for a row, and returns how many rows it changed.</summary>
    public int Execute(SqliteWriteConnection writer, TRow row) => Bind(writer, row).ExecuteNonQuery();

    /// <summary>The statement, ready to be executed for a row.</summary>
    public SqliteCommand Bind(SqliteWriteConnection writer, TRow row)
    {
        var command = writer.Prepared(this, sql, _columns.Select(column => "@" + column.Name));
        for (var i = 0; i < _columns.Length; i++)
        {
            command.Parameters[i].Value = SqliteDialect.ToStored(_columns[i].Of(row));
        }

        return command;
    }
}
