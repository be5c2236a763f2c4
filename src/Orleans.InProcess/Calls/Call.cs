using System.Diagnostics;
using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.InProcess;

/// <summary>One call to a grain, from the moment it is sent until its answer is known. Sent once.</summary>
// Its cancellation source has no timer and no handle, so nothing needs disposing.
#pragma warning disable CA1001
internal abstract class Call(GrainMethod method, GrainReference target, object?[] arguments, CallSender sender) : Request, IInvokable
{
    private const int MaxForwards = 2;

    private Dictionary<string, object>? _requestContext;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _callerCancels;
    private int _forwards;

    public GrainMethod Method => method;

    public GrainReference Target => target;

    public object?[] Arguments => arguments;

    public CallSender Sender => sender;

    /// <summary>The activation that made the call; <c>null</c> for code outside of all grains.</summary>
    public Activation? Source { get; init; } = RuntimeContext.Current;

    /// <summary>What its caller is in the middle of, for traces.</summary>
    public Activity? Caller { get; } = sender.Tracing?.Caller;

    public GrainId SourceId => Source?.GrainId ?? CallSender.ClientId;

    public TimeSpan Timeout => method.Timeout ?? sender.ResponseTimeout;

    public override bool AlwaysInterleaves => method.AlwaysInterleaves;

    public override bool IsReadOnly => method.IsReadOnly;

    public override Guid ReentrancyId { get; } = RequestContext.ReentrancyId;

    /// <summary>The answer is known, or the caller no longer waits for it.</summary>
    public abstract bool IsAnswered { get; }

    // Links of PendingCalls.
    internal Call? PreviousPending { get; set; }

    internal Call? NextPending { get; set; }

    internal int PendingShard { get; set; } = -1;

    internal long DueTick { get; set; }

    /// <summary>What was in <see cref="RequestContext"/> when the call was made.</summary>
    public Dictionary<string, object>? RequestContextValues => _requestContext;

    /// <summary>Isolates the call from what its caller does next: copies arguments and context, and gives it its own token.</summary>
    public void Detach()
    {
        method.CopyArguments(arguments);
        _requestContext = ObjectCopier.CopyValues(RequestContext.Values);
        if (method.CancellationTokenIndex < 0)
        {
            return;
        }

        var callersToken = GetCancellationToken();
        callersToken.ThrowIfCancellationRequested();
        if (callersToken.CanBeCanceled)
        {
            _cancellation = new();
            arguments[method.CancellationTokenIndex] = _cancellation.Token;
            _callerCancels = callersToken.UnsafeRegister(static (call, token) => ((Call)call!).OnCallerCancels(token), this);
        }
    }

    public override void Forward()
    {
        if (IsAnswered)
        {
            return;
        }

        if (++_forwards > MaxForwards)
        {
            Reject(new OrleansMessageRejectionException($"The call to {method} of {target.GrainId} was passed on {MaxForwards} times and met a deactivated grain each time."));
            return;
        }

        sender.Dispatch(this);
    }

    /// <summary>Nobody answered in time. The grain may still be at it, so the outcome is unknown.</summary>
    public void TimeOut()
    {
        Reject(new TimeoutException($"{method} of {target.GrainId} did not answer within {Timeout}. It may still be running: the outcome is unknown."));
        if (sender.CancelsOnTimeout)
        {
            CancelGrainsToken();
        }
    }

    public object? GetTarget() => Activation?.GrainInstance;

    public int GetArgumentCount() => arguments.Length;

    public object? GetArgument(int index) => arguments[index];

    public void SetArgument(int index, object value) => arguments[index] = value;

    public string GetMethodName() => method.Info.Name;

    public string GetInterfaceName() => method.Interface.FullName!;

    public string GetActivityName() => $"{method.Interface.Name}/{method.Info.Name}";

    public MethodInfo GetMethod() => method.Info;

    public Type GetInterfaceType() => method.Interface;

    public TimeSpan? GetDefaultResponseTimeout() => method.Timeout;

    public CancellationToken GetCancellationToken() =>
        method.CancellationTokenIndex >= 0 ? (CancellationToken)arguments[method.CancellationTokenIndex]! : default;

    /// <summary>Calls the grain for the last of the filters.</summary>
    public abstract Task<object?> InvokeGrain(object grain);

    protected abstract void Cancel(CancellationToken token);

    protected void OnAnswered()
    {
        sender.Pending.Remove(this);
        _callerCancels.Unregister();
    }

    private void OnCallerCancels(CancellationToken token)
    {
        Cancel(token);
        CancelGrainsToken();
    }

    // The callbacks of the grain's token are grain code: they run in a turn of the grain.
    private void CancelGrainsToken()
    {
        if (_cancellation is not { } cancellation)
        {
            return;
        }

        if (Activation is { } activation)
        {
            activation.Post(cancellation.Cancel);
        }
        else
        {
            cancellation.Cancel();
        }
    }
}
