using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace Wuts.Architecture.Tests.Contracts;

/// <summary>Reads contracts from assemblies. Nothing of what it reads depends on the engine.</summary>
internal sealed class ContractReader
{
    private const BindingFlags DeclaredHere = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Assembly[] _assemblies;
    private readonly HashSet<Type> _enums = [];

    private ContractReader(Assembly[] assemblies) => _assemblies = assemblies;

    /// <summary>The contracts of everything that ships.</summary>
    public static ContractManifest ReadProduct() => Read(
        [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => Path.GetFileNameWithoutExtension(file) is var name
                && name.StartsWith("wuts", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".Tests", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom)]);

    public static ContractManifest Read(params Assembly[] assemblies)
    {
        var reader = new ContractReader(assemblies);
        var types = assemblies.SelectMany(assembly => assembly.GetTypes()).ToArray();
        var contracts = new List<Contract>();
        contracts.AddRange(types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !type.IsEnum).Select(reader.ReadType));
        contracts.AddRange(types.Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type)).Select(reader.ReadInterface));
        contracts.AddRange(types.Where(type => !type.IsAbstract && typeof(Grain).IsAssignableFrom(type)).Select(reader.ReadGrain));
        contracts.AddRange(reader._enums.Select(ReadEnum)); // those that the others name
        return new([.. contracts.OrderBy(contract => contract.Title, StringComparer.Ordinal)]);
    }

    private Contract ReadType(Type type)
    {
        var parts = type.GetFields(DeclaredHere).Select(field => ((MemberInfo)field, field.FieldType))
            .Concat(type.GetProperties(DeclaredHere).Select(property => ((MemberInfo)property, property.PropertyType)))
            .Select(member => (Id: member.Item1.GetCustomAttribute<IdAttribute>()?.Id, member.Item1.Name, Type: member.Item2))
            .Where(member => member.Id is not null)
            .OrderBy(member => member.Id)
            .Select(member => new ContractPart(member.Id!.Value.ToString(CultureInfo.InvariantCulture), member.Name, NameOf(member.Type)));
        var based = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? NameOf(parent) : "";
        return new("type", NameOf(type), based, [.. parts]);
    }

    private Contract ReadInterface(Type type) => new("interface", NameOf(type), "",
    [
        .. type.GetMethods()
            .Select(method => new ContractPart(
                AliasOf(method) ?? method.Name,
                method.Name + string.Concat(Interleaving(method)),
                $"({string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)))}) -> {NameOf(method.ReturnType)}{(method.IsDefined(typeof(OneWayAttribute)) ? " one-way" : "")}"))
            .OrderBy(part => part.Key, StringComparer.Ordinal),
    ]);

    private Contract ReadGrain(Type type) => new("grain", TextOf(type, "GrainTypeAttribute") ?? type.FullName!, "",
    [
        .. type.GetInterfaces()
            .Where(face => typeof(IGrain).IsAssignableFrom(face) && _assemblies.Contains(face.Assembly))
            .Select(face => new ContractPart(NameOf(face), "", ""))
            .OrderBy(part => part.Key, StringComparer.Ordinal),
    ]);

    private static Contract ReadEnum(Type type) => new("enum", AliasOf(type) ?? FullNameOf(type), type.GetEnumUnderlyingType().Name,
    [
        .. Enum.GetNames(type)
            .Select(name => (Name: name, Value: Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)))
            .OrderBy(member => member.Value)
            .Select(member => new ContractPart(member.Value.ToString(CultureInfo.InvariantCulture), member.Name, "")),
    ]);

    // The sender says how its call may interleave: two versions may differ.
    private static IEnumerable<string> Interleaving(MethodInfo method) =>
        new[] { typeof(AlwaysInterleaveAttribute), typeof(ReadOnlyAttribute) }
            .Where(method.IsDefined)
            .Select(attribute => $" [{attribute.Name[..^"Attribute".Length]}]");

    private string NameOf(Type type)
    {
        if (type.IsEnum && _assemblies.Contains(type.Assembly))
        {
            _enums.Add(type);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{NameOf(value)}?";
        }

        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!)}[]";
        }

        var name = AliasOf(type) ?? (_assemblies.Contains(type.Assembly) ? FullNameOf(type) : type.Name.Split('`')[0]);
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }

    private static string FullNameOf(Type type) => type.FullName!.Split('`')[0].Replace('+', '.');

    private static string? AliasOf(MemberInfo member) => TextOf(member, "AliasAttribute");

    private static string? TextOf(MemberInfo member, string attribute) =>
        member.CustomAttributes.FirstOrDefault(data => data.AttributeType.Name == attribute)?.ConstructorArguments[0].Value as string;
}
