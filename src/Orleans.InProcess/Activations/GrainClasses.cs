using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>The grain classes of the application, by grain type and by the interfaces they implement.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClass> _byGrainType = [];
    private readonly ConcurrentDictionary<(Type, string?), GrainClass> _byInterface = new();

    private GrainClasses(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            var grainClass = new GrainClass(type);
            if (!_byGrainType.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{type} and {_byGrainType[grainClass.GrainType].Type} are both of grain type \"{grainClass.GrainType}\". Give one of them another [GrainType].");
            }
        }
    }

    /// <summary>The classes in all assemblies of the application that know grains. Searched for once in a process.</summary>
    public static Lazy<GrainClasses> OfApplication { get; } = new(static () => new(
        ApplicationAssemblies.ThatReference(typeof(Grain).Assembly).SelectMany(a => a.GetTypes()).Where(IsGrainClass)));

    public GrainClass? Find(GrainType type) => _byGrainType.GetValueOrDefault(type);

    /// <param name="grainInterface">Whose implementation to find.</param>
    /// <param name="prefix">How the full name of the class starts, where there are several.</param>
    public GrainClass Implementing(Type grainInterface, string? prefix) => _byInterface.GetOrAdd((grainInterface, prefix), Choose);

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && type.IsAssignableTo(typeof(IGrainBase))
        && type.IsAssignableTo(typeof(IAddressable));

    private GrainClass Choose((Type Interface, string? Prefix) wanted)
    {
        var candidates = _byGrainType.Values
            .Where(c => c.Type.IsAssignableTo(wanted.Interface))
            .Where(c => string.IsNullOrWhiteSpace(wanted.Prefix) || c.Type.FullName!.StartsWith(wanted.Prefix, StringComparison.Ordinal))
            .ToList();
        var best = candidates.Find(c => c.Type.FullName == wanted.Prefix) ?? candidates.Find(c => c.Type.Name == wanted.Interface.Name[1..]);
        return best is not null ? best
            : candidates.Count == 1 ? candidates[0]
            : throw new ArgumentException(candidates.Count == 0
                ? $"No grain class implements {wanted.Interface}{(wanted.Prefix is null ? "" : $" and is called {wanted.Prefix}")}."
                : $"Several grain classes implement {wanted.Interface}: {string.Join(", ", candidates.Select(c => c.Type))}. Say which with grainClassNamePrefix.");
    }
}
