namespace Orleans.Runtime;

/// <summary>On a constructor parameter of type <see cref="IPersistentState{TState}"/>: the record's name, and the storage it is in.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    public string StateName { get; } = stateName;

    /// <summary>The name the storage was registered under; <c>null</c> for the default one.</summary>
    public string? StorageName { get; } = storageName;
}
