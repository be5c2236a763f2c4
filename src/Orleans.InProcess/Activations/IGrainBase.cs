using Orleans.Runtime;

namespace Orleans;

/// <summary>What makes a class a grain class. Most derive from <see cref="Grain"/> instead.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first request. If it throws, the requests that wait get the exception.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last request. Not promised to run: a crash skips it.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
