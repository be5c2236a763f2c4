using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess;

/// <summary>A constructor parameter of a grain class that asks for stored state.</summary>
internal abstract class StateParameter(PersistentStateAttribute attribute, Type type)
{
    public Type Type => type;

    protected string StateName => attribute.StateName;

    public static StateParameter? From(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is not { } attribute)
        {
            return null;
        }

        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new ArgumentException($"Parameter {parameter.Name} of {parameter.Member.DeclaringType} has [PersistentState], so it must be an IPersistentState<T>.");
        }

        var state = typeof(StateParameter<>).MakeGenericType(parameter.ParameterType.GetGenericArguments());
        return (StateParameter)Activator.CreateInstance(state, attribute)!;
    }

    /// <summary>Makes the state of one activation, and has it read when the activation starts.</summary>
    public abstract object Bind(Activation activation);

    protected IGrainStorage Storage(Activation activation) =>
        (string.IsNullOrWhiteSpace(attribute.StorageName)
            ? activation.ActivationServices.GetService<IGrainStorage>()
            : activation.ActivationServices.GetKeyedService<IGrainStorage>(attribute.StorageName))
        ?? throw new OrleansConfigurationException(
            $"Grain class {activation.Class.Type} asks for the grain storage {attribute.StorageName ?? "(default)"}, which is not registered.");
}

internal sealed class StateParameter<TState>(PersistentStateAttribute attribute) : StateParameter(attribute, typeof(IPersistentState<TState>))
{
    public override object Bind(Activation activation)
    {
        var state = new PersistentState<TState>(StateName, activation, Storage(activation));
        activation.OnActivating(((Core.IStorage)state).ReadStateAsync);
        return state;
    }
}
