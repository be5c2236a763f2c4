using System.Text;

namespace Orleans.Runtime;

/// <summary>The text of a grain type or of a grain key, with a hash that is the same in every process.</summary>
[GenerateSerializer, Immutable]
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    [Id(0)]
    private readonly string? _value;

    [Id(1)]
    private readonly uint _hash;

    private IdSpan(string value)
    {
        _value = value;
        _hash = StableHash(value);
    }

    public bool IsDefault => string.IsNullOrEmpty(_value);

    public ReadOnlyMemory<byte> Value => Encoding.UTF8.GetBytes(ToString());

    public static IdSpan Create(string id) => new(id);

    public ReadOnlySpan<byte> AsSpan() => Value.Span;

    public uint GetUniformHashCode() => _hash;

    public override int GetHashCode() => unchecked((int)_hash);

    public bool Equals(IdSpan obj) => _hash == obj._hash && string.Equals(_value, obj._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    public int CompareTo(IdSpan other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    // FNV-1a over the UTF-16 units: reminder rows are grouped by this hash, so it must never depend on the process.
    private static uint StableHash(string text)
    {
        var hash = 2166136261u;
        foreach (var unit in text)
        {
            hash = unchecked((hash ^ unit) * 16777619u);
        }

        return hash;
    }
}
