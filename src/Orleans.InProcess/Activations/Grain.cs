using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The usual base of a grain class.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain()
        : this(RuntimeContext.Current!)
    {
    }

    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    /// <summary>This activation; <c>null</c> in an object that a unit test constructed by itself.</summary>
    public IGrainContext GrainContext { get; }

    public GrainReference GrainReference => Activation.GrainReference;

    public string IdentityString => Activation.GrainId.ToString();

    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    protected internal IServiceProvider ServiceProvider => Activation.ActivationServices;

    private Activation Activation => GrainContext as Activation
        ?? throw new InvalidOperationException($"This {GetType().Name} was constructed outside of a silo: it has no activation.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation as soon as the requests it is running have ended.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>
    /// Keeps idle collection away for at least this long from now. Zero or less takes an earlier call back; an infinite time
    /// keeps this activation until the host stops.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}
