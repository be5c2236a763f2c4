using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>
/// The way of a call from its caller to the silo: through the outgoing filters, isolated by copy, watched for its timeout.
/// A silo has one for its grains and its host; a test cluster's client has another.
/// </summary>
internal sealed class CallSender(
    MessagingOptions options,
    TimeProvider clock,
    Func<IEnumerable<IOutgoingGrainCallFilter>> filters,
    Func<Silo?> silo,
    ICallRoute? route = null,
    CallTracing? tracing = null) : IDisposable
{
    private IOutgoingGrainCallFilter[] _filters = [];

    /// <summary>Whom a call comes from that no grain made.</summary>
    public static GrainId ClientId { get; } = GrainId.Create("sys.client", "hosted");

    public TimeSpan ResponseTimeout { get; } = options.ResponseTimeout;

    public bool CancelsOnTimeout => options.CancelRequestOnTimeout;

    public ICallRoute? Route => route;

    /// <summary>Makes its calls part of their callers' traces; <c>null</c> for not at all.</summary>
    public CallTracing? Tracing => tracing;

    public PendingCalls Pending { get; } = new(clock, options.ResponseTimeout);

    public void Start()
    {
        _filters = [.. filters()];
        Pending.Start();
    }

    /// <summary>Ends the calls that wait: the silo that should answer them is gone.</summary>
    public void RejectAll() =>
        Pending.RejectAll(static () => new SiloUnavailableException("The silo stopped before it answered. The outcome of the call is unknown."));

    public void Dispose() => Pending.Dispose();

    public Task<TResult> Send<TResult>(GrainMethod<TResult> method, GrainReference target, object?[] arguments) => _filters.Length == 0
        ? SendNow(new Call<TResult>(method, target, arguments, this))
        : SendFiltered(new Call<TResult>(method, target, arguments, this), method);

    /// <summary>Hands the call to its grain, in whatever silo there is now.</summary>
    public void Dispatch(Call call)
    {
        try
        {
            if (route is not null)
            {
                route.Send(call);
                return;
            }

            var to = silo() ?? throw new InvalidOperationException(
                $"The silo has not started, or has stopped: {call.Method} of {call.Target.GrainId} cannot be called. Grains can be called once the host has started.");
            to.Catalog.Dispatch(call);
        }
        catch (Exception exception)
        {
            call.Reject(exception);
        }
    }

    private Task<TResult> SendNow<TResult>(Call<TResult> call)
    {
        try
        {
            call.Detach();
        }
        catch (OperationCanceledException cancelled)
        {
            return Task.FromCanceled<TResult>(cancelled.CancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<TResult>(exception);
        }

        if (call.Method.IsOneWay)
        {
            call.AnswerAtOnce();
        }
        else
        {
            Pending.Add(call);
        }

        Dispatch(call);
        return call.Answer;
    }

    private async Task<TResult> SendFiltered<TResult>(Call<TResult> request, GrainMethod<TResult> method)
    {
        var context = new OutgoingCallContext(request, _filters, async () =>
        {
            // A filter may go on more than once, to try again: each time is a call of its own.
            var result = await SendNow(new Call<TResult>(method, request.Target, [.. request.Arguments], this) { Source = request.Source });
            return typeof(TResult) == typeof(Nothing) ? null : result;
        });
        await context.Invoke();
        return context.Result is { } result ? (TResult)result : default!;
    }
}
