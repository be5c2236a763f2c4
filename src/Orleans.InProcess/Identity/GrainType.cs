namespace Orleans.Runtime;

/// <summary>What kind of grain it is: the part of a <see cref="GrainId"/> that all grains of a class share.</summary>
[GenerateSerializer, Immutable]
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    [Id(0)]
    private readonly IdSpan _value;

    public GrainType(IdSpan id) => _value = id;

    public IdSpan Value => _value;

    public bool IsDefault => _value.IsDefault;

    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return new(IdSpan.Create(value));
    }

    public ReadOnlySpan<byte> AsSpan() => _value.AsSpan();

    public uint GetUniformHashCode() => _value.GetUniformHashCode();

    public override int GetHashCode() => _value.GetHashCode();

    public bool Equals(GrainType obj) => _value.Equals(obj._value);

    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    public int CompareTo(GrainType other) => _value.CompareTo(other._value);

    public override string ToString() => _value.ToString();

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
}
