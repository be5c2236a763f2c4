using Orleans.Runtime;

namespace Orleans.InProcess;

internal sealed class Call<TResult>(GrainMethod<TResult> method, GrainReference target, object?[] arguments, CallSender sender)
    : Call(method, target, arguments, sender)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Answer => _answer.Task;

    public override bool IsAnswered => _answer.Task.IsCompleted && !method.IsOneWay;

    /// <summary>Lets the caller of a one-way method go on.</summary>
    public void AnswerAtOnce() => _answer.TrySetResult(default!);

    public override async Task Run(Activation activation)
    {
        try
        {
            if (IsAnswered)
            {
                return; // it timed out or was cancelled while it waited: nobody wants it any more
            }

            RequestContext.Values = RequestContextValues;
            var result = activation.FiltersCalls
                ? await activation.FilterCall(this) is TResult filtered ? filtered : default!
                : await method.Invoke(activation.GrainInstance!, Arguments);
            var answer = method.CopyResult(result);
            activation.MarkUsed(); // before the answer: whoever gets it may move the clock
            if (_answer.TrySetResult(answer))
            {
                OnAnswered();
            }
        }
        catch (Exception exception)
        {
            activation.MarkUsed();
            activation.OnCallFailed(this, exception);
            Reject(exception);
        }
        finally
        {
            activation.OnEnded(this);
        }
    }

    public override async Task<object?> InvokeGrain(object grain)
    {
        var result = await method.Invoke(grain, Arguments);
        return typeof(TResult) == typeof(Nothing) ? null : result;
    }

    public override void Reject(Exception reason)
    {
        if (_answer.TrySetException(reason))
        {
            _ = _answer.Task.Exception; // a caller that never awaits its call has asked not to know
            OnAnswered();
        }
    }

    protected override void Cancel(CancellationToken token)
    {
        if (_answer.TrySetCanceled(token))
        {
            OnAnswered();
        }
    }
}
