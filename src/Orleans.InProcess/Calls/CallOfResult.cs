using System.Diagnostics;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>A <see cref="Call"/> whose result type is known, and the task that its caller awaits.</summary>
internal sealed class Call<TResult>(GrainMethod<TResult> method, GrainReference target, object?[] arguments, CallSender sender)
    : Call(method, target, arguments, sender)
{
    // A caller that runs in turns gets its answer in one of them. To leave that to RunContinuationsAsynchronously would not do:
    // Task.WhenAll and its like then go through the thread pool, behind the back of the TurnScheduler.
    private readonly TurnQueue? _home = TurnQueue.Running;
    private readonly TaskCompletionSource<TResult> _answer =
        new(TurnQueue.Running is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    private int _isAnswered;

    public Task<TResult> Answer => _answer.Task;

    public override bool IsAnswered => Volatile.Read(ref _isAnswered) != 0;

    /// <summary>Lets the caller of a one-way method go on.</summary>
    public void AnswerAtOnce() => _answer.TrySetResult(default!);

    public override async Task Run(Activation activation)
    {
        using var span = activation.Silo.Sender.Tracing?.Start(this);
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
            span?.Stop(); // so too: whoever gets it may look at the trace
            Answered(new(answer, null, default));
        }
        catch (Exception exception)
        {
            activation.MarkUsed();
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name).Stop();
            activation.OnCallFailed(this, exception);
            Answered(new(default!, exception, default));
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

    public override void Reject(Exception reason) => Settle(new(default!, reason, default));

    protected override void Cancel(CancellationToken token) => Settle(new(default!, null, token));

    private void Answered(Outcome outcome)
    {
        if (Sender.Route is { } route)
        {
            route.Answer(this, () => Settle(outcome));
        }
        else
        {
            Settle(outcome);
        }
    }

    // The first outcome stands.
    private void Settle(Outcome outcome)
    {
        if (method.IsOneWay || Interlocked.Exchange(ref _isAnswered, 1) != 0)
        {
            return;
        }

        OnAnswered();
        if (_home is null)
        {
            outcome.ApplyTo(_answer);
        }
        else
        {
            _home.Post(new AnswerTurn(_answer, outcome));
        }
    }

    private readonly record struct Outcome(TResult Result, Exception? Exception, CancellationToken Cancelled)
    {
        public void ApplyTo(TaskCompletionSource<TResult> answer)
        {
            if (Exception is not null)
            {
                answer.TrySetException(Exception);
                _ = answer.Task.Exception; // a caller that never awaits its call has asked not to know
            }
            else if (Cancelled.IsCancellationRequested)
            {
                answer.TrySetCanceled(Cancelled);
            }
            else
            {
                answer.TrySetResult(Result);
            }
        }
    }

    private sealed class AnswerTurn(TaskCompletionSource<TResult> answer, Outcome outcome) : ITurn
    {
        public void Run() => outcome.ApplyTo(answer);
    }
}
