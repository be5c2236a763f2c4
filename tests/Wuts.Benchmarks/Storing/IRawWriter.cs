using System.Collections.Immutable;

namespace Wuts.Benchmarks.Storing;

/// <summary>Writes rows in the plainest fast way that a database has: one connection, one statement kept prepared for each table.</summary>
internal interface IRawWriter : IAsyncDisposable
{
    /// <summary>Upserts rows of one table in one transaction.</summary>
    /// <returns>How long the database took, without the time to make its input.</returns>
    Task<TimeSpan> WriteAsync(RawTable table, IReadOnlyList<RawRow> rows);
}

/// <summary>A transition with its place in its endpoint's outbox.</summary>
internal sealed record RawRow(Wuts.Domain.Delivery.Transition Transition, string EndpointId, long Sequence);

/// <summary>A column and its value in a row.</summary>
internal sealed record RawColumn(string Name, Type Type, Func<RawRow, object?> Value);

/// <summary>A table, the columns of its key, and those that a later row of the same key replaces.</summary>
internal sealed record RawTable(string Name, ImmutableArray<RawColumn> Columns, string Key, ImmutableArray<string> Replaced)
{
    public string Names => string.Join(", ", Columns.Select(column => column.Name));

    public string OnConflict => Replaced.IsEmpty
        ? $"ON CONFLICT ({Key}) DO NOTHING"
        : $"ON CONFLICT ({Key}) DO UPDATE SET {string.Join(", ", Replaced.Select(name => $"{name} = excluded.{name}"))}";
}
