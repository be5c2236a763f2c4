using Npgsql;

namespace Wuts.Storage.PostgreSql;

/// <summary>What an error says about the transaction in which it happened.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>A deadlock or a serialization failure: rolled back, and worth repeating at once.</summary>
    public static bool IsTransient(NpgsqlException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>The data or the statement is unacceptable: rolled back, and never worth repeating.</summary>
    public static bool IsRefusal(NpgsqlException exception) =>
        exception is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal)
            || state.StartsWith("23", StringComparison.Ordinal)
            || state.StartsWith("42", StringComparison.Ordinal)
            || state.StartsWith("54", StringComparison.Ordinal));

    public static bool IsUnavailable(NpgsqlException exception) => !IsRefusal(exception);
}
