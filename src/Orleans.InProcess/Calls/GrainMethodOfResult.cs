using System.Linq.Expressions;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>A <see cref="GrainMethod"/> whose result type is known: calls it and answers it without boxing or reflection.</summary>
internal sealed class GrainMethod<TResult> : GrainMethod
{
    private static readonly bool ResultMayChange = typeof(TResult) != typeof(Nothing) && !KnownTypes.AreImmutable(typeof(TResult));

    private readonly Func<object, object?[], ValueTask<TResult>> _invoke;
    private readonly Func<Task<TResult>, object?> _asReturnType;

    public GrainMethod(MethodInfo method)
        : base(method)
    {
        _invoke = CompileInvoke(method);
        _asReturnType = AsReturnType(method.ReturnType);
    }

    public override object? Call(CallSender sender, GrainReference target, object?[] arguments) =>
        _asReturnType(sender.Send(this, target, arguments));

    /// <summary>Calls the method on the grain object itself.</summary>
    public ValueTask<TResult> Invoke(object grain, object?[] arguments) => _invoke(grain, arguments);

    public TResult CopyResult(TResult result)
    {
        if (!ResultMayChange || !CopiesResult)
        {
            return result;
        }

        CopyContext? context = null;
        return (TResult)ObjectCopier.Copy(result, ref context)!;
    }

    private static Func<Task<TResult>, object?> AsReturnType(Type returned) =>
        returned == typeof(void) ? static _ => null
        : returned == typeof(ValueTask) ? static answer => new ValueTask(answer)
        : returned == typeof(ValueTask<TResult>) ? static answer => new ValueTask<TResult>(answer)
        : static answer => answer;

    private static Func<object, object?[], ValueTask<TResult>> CompileInvoke(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object), "grain");
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var call = Expression.Call(
            Expression.Convert(grain, method.DeclaringType!),
            method,
            method.GetParameters().Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        Expression body = method.ReturnType == typeof(void)
            ? Expression.Block(call, Expression.Default(typeof(ValueTask<TResult>)))
            : Expression.Call(typeof(Await), nameof(Await.Result), method.ReturnType.IsGenericType ? [typeof(TResult)] : null, call);
        return Expression.Lambda<Func<object, object?[], ValueTask<TResult>>>(body, grain, arguments).Compile();
    }
}

/// <summary>Brings what the kinds of grain method return to one form.</summary>
internal static class Await
{
    public static ValueTask<TResult> Result<TResult>(Task<TResult> task) => new(task);

    public static ValueTask<TResult> Result<TResult>(ValueTask<TResult> task) => task;

    public static ValueTask<Nothing> Result(Task task) => task.IsCompletedSuccessfully ? default : End(task);

    public static ValueTask<Nothing> Result(ValueTask task) => task.IsCompletedSuccessfully ? default : End(task.AsTask());

    private static async ValueTask<Nothing> End(Task task)
    {
        await task;
        return default;
    }
}
