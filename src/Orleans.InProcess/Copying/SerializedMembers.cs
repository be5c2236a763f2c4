using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.InProcess;

/// <summary>The fields of an annotated type: those that travel, and those that are left behind (<see cref="NonSerializedAttribute"/>).</summary>
/// <remarks>
/// Stricter than Orleans, which would lose a field without an id in silence: here such a type is refused, so that the mistake
/// shows in the first test and not in the first cluster.
/// </remarks>
internal sealed record SerializedMembers(FieldInfo[] Travelling, FieldInfo[] Left)
{
    private const BindingFlags DeclaredHere = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static SerializedMembers Of(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring != typeof(object) && declaring != typeof(ValueType) && declaring is not null; declaring = declaring.BaseType)
        {
            if (declaring.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not { } annotation)
            {
                throw new CodecNotFoundException($"{type} cannot be sent in a grain call. Add [GenerateSerializer] to its base {declaring}.");
            }

            var declared = declaring.GetFields(DeclaredHere);
            var withoutId = declared.FirstOrDefault(f => !StaysBehind(f) && !HasId(f, declaring, annotation));
            if (withoutId is not null)
            {
                throw new CodecNotFoundException(
                    $"{type} cannot be sent in a grain call. Add an [Id] to {declaring}.{NameOf(withoutId)}, or [NonSerialized] if it must not travel.");
            }

            fields.AddRange(declared);
        }

        var left = fields.ToLookup(StaysBehind);
        return new([.. left[false]], [.. left[true]]);
    }

    private static bool StaysBehind(FieldInfo field) => field.IsDefined(typeof(NonSerializedAttribute));

    private static bool HasId(FieldInfo field, Type declaring, GenerateSerializerAttribute annotation)
    {
        var name = NameOf(field);
        var property = declaring.GetProperty(name, DeclaredHere);
        return field.IsDefined(typeof(IdAttribute))
            || property?.IsDefined(typeof(IdAttribute)) == true
            || (annotation.GenerateFieldIds == GenerateFieldIds.PublicProperties && property?.GetMethod?.IsPublic == true)
            || PrimaryConstructorParameters(declaring, annotation).Contains(name);
    }

    /// <summary>The property an automatic field is for, the parameter it captures, or its own name.</summary>
    private static string NameOf(FieldInfo field) =>
        field.Name[0] == '<' && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 0 ? field.Name[1..end] : field.Name;

    // A record has a generated Deconstruct with exactly the parameters of its primary constructor.
    private static IEnumerable<string> PrimaryConstructorParameters(Type declaring, GenerateSerializerAttribute annotation)
    {
        var isRecord = declaring.GetMethod("PrintMembers", DeclaredHere)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;
        var parameters = isRecord
            ? declaring.GetMethods(DeclaredHere).Where(m => m.Name == "Deconstruct" && m.IsDefined(typeof(CompilerGeneratedAttribute)))
            : annotation.IncludePrimaryConstructorParameters ? declaring.GetConstructors(DeclaredHere) : Enumerable.Empty<MethodBase>();
        return parameters.SelectMany(m => m.GetParameters()).Select(p => p.Name!);
    }
}
