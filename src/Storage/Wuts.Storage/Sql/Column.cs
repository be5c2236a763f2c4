namespace Wuts.Storage.Sql;

/// <summary>A column of a table, and where its value comes from: said once, for every statement of both databases.</summary>
internal abstract class Column<TRow>(string name)
{
    public string Name => name;

    /// <summary>The type of its values; <see cref="Nullable{T}"/> where it may be null.</summary>
    public abstract Type Type { get; }

    /// <summary>One row's value.</summary>
    public abstract object? Of(TRow row);

    /// <summary>All rows' values, as a typed array.</summary>
    public abstract Array OfAll(IReadOnlyList<TRow> rows);

    /// <summary>The same column of something that has such a row.</summary>
    public abstract Column<TOwner> For<TOwner>(Func<TOwner, TRow> row);
}

internal sealed class Column<TRow, TValue>(string name, Func<TRow, TValue> value) : Column<TRow>(name)
{
    public override Type Type => typeof(TValue);

    public override object? Of(TRow row) => value(row);

    public override Array OfAll(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return values;
    }

    public override Column<TOwner> For<TOwner>(Func<TOwner, TRow> row) => new Column<TOwner, TValue>(Name, owner => value(row(owner)));
}

/// <summary>Makes columns without naming their types.</summary>
internal static class Column
{
    public static Column<TRow> Of<TRow, TValue>(string name, Func<TRow, TValue> value) => new Column<TRow, TValue>(name, value);
}
