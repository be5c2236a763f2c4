using System.Collections.Concurrent;
using System.Reflection;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>
/// Stands for a grain wherever one of its interfaces is asked for: each method called on it becomes a call to the grain. It is
/// only an address, and may be kept, shared and sent in calls.
/// </summary>
public class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    // Cloning the first reference of an interface is far cheaper than having DispatchProxy construct another.
    private static readonly ConcurrentDictionary<Type, GrainReference> Prototypes = new();

    private CallSender _sender = null!;
    private Type _interface = null!;

    public GrainId GrainId { get; private set; }

    /// <summary><c>null</c> when the id names no grain class of this process.</summary>
    internal GrainClass? Class { get; private set; }

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => Equals(reference1, reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !Equals(reference1, reference2);

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}:{_interface.FullName}";

    internal static GrainReference Create(Type interfaceType, GrainId grainId, GrainClass? grainClass, CallSender sender)
    {
        var prototype = Prototypes.GetOrAdd(interfaceType, static type => (GrainReference)Create(type, typeof(GrainReference)));
        var reference = (GrainReference)prototype.MemberwiseClone();
        reference._interface = interfaceType;
        reference._sender = sender;
        reference.GrainId = grainId;
        reference.Class = grainClass;
        return reference;
    }

    internal GrainReference As(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : Create(interfaceType, GrainId, Class, _sender);

    // A grain calls by way of its own silo, wherever it got the reference from.
    protected sealed override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        GrainMethod.Of(targetMethod!).Call(RuntimeContext.Current?.Silo.Sender ?? _sender, this, args ?? []);
}
