using Orleans;

namespace Wuts.Grains.Tests;

/// <summary>Keeps the answer of a call from whoever called.</summary>
/// <param name="method">Of a grain's interface.</param>
internal sealed class HeldAnswers(string method) : IOutgoingGrainCallFilter
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _next;

    /// <summary>Ends when the call has been carried out, and its answer is held.</summary>
    public Task Held => _held.Task;

    /// <returns>What lets the next answer go.</returns>
    public TaskCompletionSource HoldNext() => _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        await context.Invoke();
        if (context.InterfaceMethod.Name == method && Interlocked.Exchange(ref _next, null) is { } release)
        {
            _held.SetResult();
            await release.Task;
        }
    }
}
