using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.InProcess;

/// <summary>Makes the copy of a value of one type.</summary>
internal delegate object CopyFunction(object value, CopyContext context);

/// <summary>
/// Isolates what crosses a call, as serializing it would: caller and grain never share an object that can change. What may
/// not cross is refused with a <see cref="CodecNotFoundException"/> that says what to add.
/// </summary>
internal static class ObjectCopier
{
    /// <summary>The copy function of types whose values are shared.</summary>
    public static readonly CopyFunction AsItIs = static (value, _) => value;

    private static readonly ConcurrentDictionary<Type, CopyFunction> Functions = new();

    [ThreadStatic]
    private static HashSet<Type>? _building;

    /// <param name="value">What to copy.</param>
    /// <param name="context">Made when it is first needed; shared by the arguments of a call.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public static object? Copy(object? value, ref CopyContext? context)
    {
        if (value is null || ReferenceEquals(For(value.GetType()), AsItIs))
        {
            return value;
        }

        return (context ??= new()).Copy(value)!;
    }

    [return: NotNullIfNotNull(nameof(value))]
    public static T? Copy<T>(T? value)
    {
        CopyContext? context = null;
        return (T?)Copy(value, ref context);
    }

    /// <summary>Copies the values of a dictionary that nobody changes; the same dictionary when they are all immutable.</summary>
    public static Dictionary<string, object>? CopyValues(Dictionary<string, object>? values)
    {
        CopyContext? context = null;
        return values is null || values.Values.All(static v => ReferenceEquals(For(v.GetType()), AsItIs))
            ? values
            : values.ToDictionary(static v => v.Key, v => Copy(v.Value, ref context));
    }

    public static CopyFunction For(Type type) => Functions.TryGetValue(type, out var known) ? known : Build(type);

    /// <summary>Whether a member declared with this type always holds something that is shared.</summary>
    public static bool IsAlwaysShared(Type declared)
    {
        if (KnownTypes.AreImmutable(declared))
        {
            return true;
        }

        // The type of an object that is being looked at further up: its answer is not known yet.
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type is { IsSealed: true, IsArray: false } && _building?.Contains(type) != true && ReferenceEquals(For(type), AsItIs);
    }

    private static CopyFunction Build(Type type)
    {
        var building = _building ??= [];
        building.Add(type);
        try
        {
            return Functions.GetOrAdd(type, Choose);
        }
        finally
        {
            building.Remove(type);
        }
    }

    private static CopyFunction Choose(Type type)
    {
        if (KnownTypes.AreImmutable(type) || type.IsAssignableTo(typeof(GrainReference)) || type.IsAssignableTo(typeof(Exception)) || type.IsAssignableTo(typeof(Type)))
        {
            return AsItIs;
        }

        return CollectionCopiers.TryGet(type) ?? MemberCopier.TryGet(type) ?? throw new CodecNotFoundException(
            $"{type} cannot be sent in a grain call. Add [GenerateSerializer] to it and an [Id] to each of its members; a type that is not yours, send in the form of one that is.");
    }
}
