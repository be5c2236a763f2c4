using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>A grain class: what its attributes say, and how to construct it.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _construct;
    private readonly StateParameter[] _states;
    private readonly TimeSpan? _collectionAge;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? GrainType.Create(ConventionalName(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        MaxLocalWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        var limit = type.GetCustomAttribute<CollectionAgeLimitAttribute>();
        _collectionAge = limit is { AlwaysActive: true } || type.IsDefined(typeof(KeepAliveAttribute)) ? Timeout.InfiniteTimeSpan : limit?.AgeLimit;
        _states = [.. type.GetConstructors().SelectMany(c => c.GetParameters()).Select(StateParameter.From).OfType<StateParameter>()];
        _construct = ActivatorUtilities.CreateFactory(type, [.. _states.Select(s => s.Type)]);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>How many activations one grain id may have; 0 for the usual single one.</summary>
    public int MaxLocalWorkers { get; }

    /// <summary>Constructs the grain. To be called in a turn of its activation.</summary>
    public object Construct(Activation activation)
    {
        try
        {
            return _construct(activation.ActivationServices, Array.ConvertAll(_states, s => (object?)s.Bind(activation)));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Grain class {Type} could not be constructed: {exception.Message}", exception);
        }
    }

    /// <summary>How long its grains may be idle; infinite for ever.</summary>
    public TimeSpan CollectionAge(GrainCollectionOptions options) =>
        _collectionAge ?? (options.ClassSpecificCollectionAge.TryGetValue(Type.FullName!, out var age) ? age : options.CollectionAge);

    private static string ConventionalName(Type type)
    {
        const string Suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }
}
