using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.InProcess;

/// <summary>Leads a call through the filters one by one. A filter may go on again after it came back, to try again.</summary>
internal abstract class CallContext(Call call) : IGrainCallContext
{
    protected Call Call => call;

    private int _stage;
    private bool _hasResult;

    public IInvokable Request => call;

    public abstract object Grain { get; }

    public GrainId? SourceId => call.SourceId;

    public GrainId TargetId => call.Target.GrainId;

    public string InterfaceName => call.GetInterfaceName();

    public string MethodName => call.GetMethodName();

    public MethodInfo InterfaceMethod => call.Method.Info;

    public object? Result
    {
        get;
        set
        {
            field = value;
            _hasResult = true;
        }
    }

    public async Task Invoke()
    {
        try
        {
            if (Filter(_stage++) is { } filter)
            {
                await filter();
                if (!_hasResult)
                {
                    throw new InvalidOperationException($"A filter of {call.Method} neither went on nor set a result.");
                }
            }
            else
            {
                Result = await InvokeLast();
            }
        }
        finally
        {
            _stage--;
        }
    }

    /// <summary>The filter at this place; <c>null</c> behind the last one.</summary>
    protected abstract Func<Task>? Filter(int stage);

    protected abstract Task<object?> InvokeLast();
}

internal sealed class OutgoingCallContext(Call call, IOutgoingGrainCallFilter[] filters, Func<Task<object?>> send)
    : CallContext(call), IOutgoingGrainCallContext
{
    public override object Grain => Call.Target;

    public IGrainContext? SourceContext => Call.Source;

    protected override Func<Task>? Filter(int stage) => stage < filters.Length ? () => filters[stage].Invoke(this) : null;

    protected override Task<object?> InvokeLast() => send();
}

internal sealed class IncomingCallContext(Call call, Activation activation, IIncomingGrainCallFilter[] filters)
    : CallContext(call), IIncomingGrainCallContext
{
    private static readonly ConcurrentDictionary<(Type, MethodInfo), MethodInfo> Implementations = new();

    public override object Grain => activation.GrainInstance!;

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod => Implementations.GetOrAdd((Grain.GetType(), InterfaceMethod), static key =>
    {
        var map = key.Item1.GetInterfaceMap(key.Item2.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, key.Item2)];
    });

    // The grain's own filter comes after those of the silo.
    protected override Func<Task>? Filter(int stage) =>
        stage < filters.Length ? () => filters[stage].Invoke(this)
        : stage == filters.Length && Grain is IIncomingGrainCallFilter own ? () => own.Invoke(this)
        : null;

    protected override Task<object?> InvokeLast() => Call.InvokeGrain(Grain);
}
