using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.InProcess;

/// <summary>Copies an object by its fields: types with <see cref="GenerateSerializerAttribute"/>, tuples and key-value pairs.</summary>
internal static class MemberCopier
{
    private static readonly Func<object, object> Clone =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    public static CopyFunction? TryGet(Type type)
    {
        var isPlain = (type.IsAssignableTo(typeof(ITuple)) && type.Assembly == typeof(ITuple).Assembly)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));
        if (!isPlain && !type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            return null;
        }

        var members = isPlain ? new(AllFields(type), []) : SerializedMembers.Of(type);
        var changing = members.Travelling.Where(f => !ObjectCopier.IsAlwaysShared(f.FieldType)).ToArray();
        return type.IsDefined(typeof(ImmutableAttribute), inherit: false) || (isPlain && changing.Length == 0 && members.Left.Length == 0)
            ? ObjectCopier.AsItIs
            : (value, context) => Copy(value, changing, members.Left, context);
    }

    private static object Copy(object value, FieldInfo[] changing, FieldInfo[] left, CopyContext context)
    {
        var copy = Clone(value);
        context.Remember(value, copy);
        foreach (var field in changing)
        {
            field.SetValue(copy, context.Copy(field.GetValue(value)));
        }

        foreach (var field in left)
        {
            field.SetValue(copy, null); // reflection takes null for the default of a value type
        }

        return copy;
    }

    private static FieldInfo[] AllFields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}
