using Orleans;

namespace Wuts.Grains.Tests;

/// <summary>Holds a call on its way, before it is carried out or after, with its answer.</summary>
/// <param name="method">Of a grain's interface.</param>
internal sealed class HeldCalls(string method) : IOutgoingGrainCallFilter
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _nextAnswer;
    private TaskCompletionSource? _nextCall;

    /// <summary>Ends when something is held: a call that has not been carried out yet, or the answer of one that has.</summary>
    public Task Held => _held.Task;

    /// <returns>What lets the next answer go.</returns>
    public TaskCompletionSource HoldNextAnswer() => _nextAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns>What lets the next call go.</returns>
    public TaskCompletionSource HoldNextCall() => _nextCall = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        await HoldIf(context, ref _nextCall);
        await context.Invoke();
        await HoldIf(context, ref _nextAnswer);
    }

    private Task HoldIf(IOutgoingGrainCallContext context, ref TaskCompletionSource? next)
    {
        if (context.InterfaceMethod.Name != method || Interlocked.Exchange(ref next, null) is not { } release)
        {
            return Task.CompletedTask;
        }

        _held.SetResult();
        return release.Task;
    }
}
