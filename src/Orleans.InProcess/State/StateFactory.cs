using System.Runtime.CompilerServices;

namespace Orleans.InProcess;

/// <summary>Makes the state of a grain that has no record yet.</summary>
internal static class StateFactory
{
    /// <summary>A new object, without running a constructor if it has none without parameters; <c>null</c> where there can be none.</summary>
    public static T? Create<T>() =>
        typeof(T).IsValueType || typeof(T).IsAbstract || typeof(T).IsArray || typeof(T) == typeof(string) ? default
        : typeof(T).GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance<T>()
        : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}
