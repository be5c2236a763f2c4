using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>What the engine knows about one method of a grain interface. Worked out once, at the first call.</summary>
internal abstract class GrainMethod
{
    private static readonly ConcurrentDictionary<MethodInfo, GrainMethod> Methods = new();

    private readonly bool[] _copied;

    protected GrainMethod(MethodInfo method)
    {
        Info = method;
        Interface = method.DeclaringType!;
        IsOneWay = method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        var parameters = method.GetParameters();
        CancellationTokenIndex = Array.FindIndex(parameters, p => p.ParameterType == typeof(CancellationToken));
        _copied = Array.ConvertAll(parameters, IsCopied);
        CopiesResult = !method.ReturnParameter.IsDefined(typeof(ImmutableAttribute));
    }

    public MethodInfo Info { get; }

    public Type Interface { get; }

    public bool IsOneWay { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public TimeSpan? Timeout { get; }

    /// <summary>The place of its <see cref="CancellationToken"/> among the arguments, or -1.</summary>
    public int CancellationTokenIndex { get; }

    protected bool CopiesResult { get; }

    public static GrainMethod Of(MethodInfo method) => Methods.TryGetValue(method, out var known) ? known : Methods.GetOrAdd(method, Create);

    /// <summary>Makes a call and returns what the method's return type asks for. Never throws: the returned task fails.</summary>
    public abstract object? Call(CallSender sender, GrainReference target, object?[] arguments);

    /// <summary>Replaces each argument that its receiver could change by a copy.</summary>
    public void CopyArguments(object?[] arguments)
    {
        CopyContext? context = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_copied[i])
            {
                arguments[i] = ObjectCopier.Copy(arguments[i], ref context);
            }
        }
    }

    public override string ToString() => $"{Interface.FullName}.{Info.Name}";

    private static bool IsCopied(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(CancellationToken)
        && !parameter.IsDefined(typeof(ImmutableAttribute))
        && !KnownTypes.AreImmutable(parameter.ParameterType);

    private static GrainMethod Create(MethodInfo method)
    {
        var returned = method.ReturnType;
        var result =
            returned == typeof(Task) || returned == typeof(ValueTask) || returned == typeof(void) ? typeof(Nothing)
            : returned.IsGenericType && returned.GetGenericTypeDefinition() is var d && (d == typeof(Task<>) || d == typeof(ValueTask<>))
                ? returned.GetGenericArguments()[0]
            : throw new NotSupportedException(
                $"{method.DeclaringType}.{method.Name} returns {returned}. A grain method returns Task, Task<T>, ValueTask, ValueTask<T> or void.");
        return (GrainMethod)Activator.CreateInstance(typeof(GrainMethod<>).MakeGenericType(result), method)!;
    }
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
