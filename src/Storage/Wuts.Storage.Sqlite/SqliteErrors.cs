using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Wuts.Storage.Sqlite;

/// <summary>What an error says about the transaction in which it happened.</summary>
internal static class SqliteErrors
{
    /// <summary>The data or the statement is unacceptable: never worth repeating.</summary>
    public static bool IsRefusal(SqliteException exception) =>
        exception.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE or raw.SQLITE_ERROR;
}
