using System.Collections.Frozen;
using System.Net;
using System.Numerics;
using System.Text;

namespace Orleans.InProcess;

/// <summary>The framework types whose values cannot change, so that calls share them.</summary>
internal static class KnownTypes
{
    private static readonly FrozenSet<Type> Immutable = FrozenSet.Create(
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(CancellationToken), typeof(BigInteger), typeof(Half), typeof(Int128),
        typeof(UInt128), typeof(Rune), typeof(Index), typeof(Range), typeof(IPAddress));

    /// <summary>Whether every value of the type is immutable. Knows nothing of attributes.</summary>
    public static bool AreImmutable(Type type) =>
        type.IsPrimitive || type.IsEnum || Immutable.Contains(type)
        || (Nullable.GetUnderlyingType(type) is { } underlying && AreImmutable(underlying));
}
