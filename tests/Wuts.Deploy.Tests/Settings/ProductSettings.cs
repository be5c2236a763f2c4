using System.Collections;
using System.Reflection;

namespace Wuts.Deploy.Tests.Settings;

/// <summary>
/// What the product can be told: the properties of every options class, below the section that it names itself, or below one of any name
/// where there may be several.
/// </summary>
internal static class ProductSettings
{
    private const string AnyName = "*";
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly (string[] Section, Type Type)[] Sections =
    [
        .. from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
           let name = Path.GetFileNameWithoutExtension(file)
           where name == "wuts" || (name.StartsWith("Wuts.", StringComparison.Ordinal) && !name.Contains("Test", StringComparison.Ordinal))
           from type in Assembly.Load(name).GetTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section", Static)?.GetValue(null) as string ?? type.GetMethod("SectionOf", Static)?.Invoke(null, [AnyName]) as string
           where section is not null
           select (section.Split(':'), type),
    ];

    /// <summary>The type of a setting such as <c>Wuts:Storage:Provider</c>, whatever its case; <c>null</c> when there is none.</summary>
    public static Type? TypeOf(string[] path) => Sections
        .Where(s => s.Section.Length < path.Length && s.Section.Zip(path).All(pair => IsNamed(pair.First, pair.Second)))
        .Select(s => Walk(s.Type, path[s.Section.Length..]))
        .FirstOrDefault(type => type is not null);

    private static bool IsNamed(string section, string given) => section == AnyName || section.Equals(given, StringComparison.OrdinalIgnoreCase);

    private static Type? Walk(Type type, string[] path)
    {
        if (path is [])
        {
            return type;
        }

        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return int.TryParse(path[0], out _) ? Walk(type.GetElementType() ?? type.GetGenericArguments()[^1], path[1..]) : null;
        }

        return type.GetProperty(path[0], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { CanWrite: true } property
            ? Walk(property.PropertyType, path[1..])
            : null;
    }
}
