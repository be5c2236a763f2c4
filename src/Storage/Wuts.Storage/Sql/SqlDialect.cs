using System.Data.Common;

namespace Wuts.Storage.Sql;

/// <summary>Where the two databases differ in what the stores need of them.</summary>
internal abstract class SqlDialect
{
    /// <summary>Ends a select whose rows are changed by a later statement of the same transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>
    /// A statement, or nothing, after which no flush of any process is under way that has not seen what is committed, until the
    /// end of the transaction.
    /// </summary>
    public abstract string HoldFlushes { get; }

    /// <summary>
    /// A statement, or nothing, after which no flush of any process is under way that looks at the consents of the tenant that is the
    /// parameter <c>@tenant_id</c>, until the end of the transaction.
    /// </summary>
    public abstract string HoldClaims { get; }

    /// <summary>
    /// Moves up to <c>@limit</c> rows of <c>message_count_deltas</c> into <c>message_counts</c>, and returns how many they were.
    /// </summary>
    public abstract string FoldCounts { get; }

    /// <summary>A table of one column <c>value</c>: the texts of a JSON array that is a parameter.</summary>
    public abstract string TextsOf(string jsonParameter);

    /// <summary>A table of one column <c>value</c>: the elements of a JSON array that is a parameter, as JSON.</summary>
    public abstract string RowsOf(string jsonParameter);

    /// <summary>The time that an expression gives as microseconds of Unix time.</summary>
    public abstract string TimeOf(string microseconds);

    /// <summary>A value as the provider takes it.</summary>
    public abstract object ToParameter(object? value);

    public abstract DateTimeOffset ReadTime(DbDataReader reader, int column);
}
