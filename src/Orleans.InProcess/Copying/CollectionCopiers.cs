using System.Collections.Immutable;
using System.Reflection;

namespace Orleans.InProcess;

/// <summary>Copies arrays and the framework's collections, element by element where elements can change.</summary>
internal static class CollectionCopiers
{
    private static readonly Dictionary<Type, string> Mutable = new()
    {
        [typeof(List<>)] = nameof(List),
        [typeof(Dictionary<,>)] = nameof(Dictionary),
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(Queue<>)] = nameof(Queue),
    };

    private static readonly Dictionary<Type, string> Immutable = new()
    {
        [typeof(ImmutableArray<>)] = nameof(ImmutableArrayOf),
        [typeof(ImmutableList<>)] = nameof(ImmutableListOf),
        [typeof(ImmutableDictionary<,>)] = nameof(ImmutableDictionaryOf),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSetOf),
        [typeof(ImmutableQueue<>)] = nameof(ImmutableQueueOf),
    };

    public static CopyFunction? TryGet(Type type)
    {
        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            return ObjectCopier.IsAlwaysShared(element) ? CloneArray
                : type.IsSZArray ? Method(nameof(ArrayOf), [element])
                : CopyArray;
        }

        if (!type.IsGenericType)
        {
            return null;
        }

        var definition = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        return Mutable.TryGetValue(definition, out var name) ? Method(name, arguments)
            : !Immutable.TryGetValue(definition, out name) ? null
            : arguments.All(ObjectCopier.IsAlwaysShared) ? ObjectCopier.AsItIs
            : Method(name, arguments);
    }

    private static CopyFunction Method(string name, Type[] arguments) =>
        typeof(CollectionCopiers).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments).CreateDelegate<CopyFunction>();

    private static object CloneArray(object value, CopyContext context)
    {
        var copy = ((Array)value).Clone();
        context.Remember(value, copy);
        return copy;
    }

    private static T[] ArrayOf<T>(object value, CopyContext context)
    {
        var array = (T[])value;
        var copy = new T[array.Length];
        context.Remember(value, copy);
        for (var i = 0; i < array.Length; i++)
        {
            copy[i] = Element(array[i], context);
        }

        return copy;
    }

    private static Array CopyArray(object value, CopyContext context)
    {
        var copy = (Array)((Array)value).Clone();
        context.Remember(value, copy);
        var at = new int[copy.Rank];
        for (var i = 0; i < copy.Length; i++)
        {
            for (int rest = i, d = copy.Rank - 1; d >= 0; rest /= copy.GetLength(d), d--)
            {
                at[d] = copy.GetLowerBound(d) + (rest % copy.GetLength(d));
            }

            copy.SetValue(context.Copy(copy.GetValue(at)), at);
        }

        return copy;
    }

    private static List<T> List<T>(object value, CopyContext context)
    {
        var list = (List<T>)value;
        var copy = new List<T>(list.Count);
        context.Remember(value, copy);
        list.ForEach(item => copy.Add(Element(item, context)));
        return copy;
    }

    private static Dictionary<TKey, TValue> Dictionary<TKey, TValue>(object value, CopyContext context)
        where TKey : notnull
    {
        var dictionary = (Dictionary<TKey, TValue>)value;
        var copy = new Dictionary<TKey, TValue>(dictionary.Count, dictionary.Comparer);
        context.Remember(value, copy);
        foreach (var (key, item) in dictionary)
        {
            copy.Add(Element(key, context), Element(item, context));
        }

        return copy;
    }

    private static HashSet<T> HashSet<T>(object value, CopyContext context)
    {
        var set = (HashSet<T>)value;
        var copy = new HashSet<T>(set.Count, set.Comparer);
        context.Remember(value, copy);
        copy.UnionWith(set.Select(item => Element(item, context)));
        return copy;
    }

    private static Queue<T> Queue<T>(object value, CopyContext context)
    {
        var queue = (Queue<T>)value;
        var copy = new Queue<T>(queue.Count);
        context.Remember(value, copy);
        foreach (var item in queue)
        {
            copy.Enqueue(Element(item, context));
        }

        return copy;
    }

    private static object ImmutableArrayOf<T>(object value, CopyContext context) =>
        (ImmutableArray<T>)value is { IsDefault: false } array ? array.Select(item => Element(item, context)).ToImmutableArray() : value;

    private static ImmutableList<T> ImmutableListOf<T>(object value, CopyContext context) =>
        ((ImmutableList<T>)value).Select(item => Element(item, context)).ToImmutableList();

    private static ImmutableDictionary<TKey, TValue> ImmutableDictionaryOf<TKey, TValue>(object value, CopyContext context)
        where TKey : notnull
    {
        var dictionary = (ImmutableDictionary<TKey, TValue>)value;
        return dictionary.ToImmutableDictionary(
            item => Element(item.Key, context), item => Element(item.Value, context), dictionary.KeyComparer, dictionary.ValueComparer);
    }

    private static ImmutableHashSet<T> ImmutableHashSetOf<T>(object value, CopyContext context)
    {
        var set = (ImmutableHashSet<T>)value;
        return set.Select(item => Element(item, context)).ToImmutableHashSet(set.KeyComparer);
    }

    private static ImmutableQueue<T> ImmutableQueueOf<T>(object value, CopyContext context) =>
        ImmutableQueue.CreateRange(((ImmutableQueue<T>)value).Select(item => Element(item, context)));

    private static T Element<T>(T item, CopyContext context) => Shared<T>.Always ? item : (T)context.Copy(item)!;

    private static class Shared<T>
    {
        public static readonly bool Always = ObjectCopier.IsAlwaysShared(typeof(T));
    }
}
