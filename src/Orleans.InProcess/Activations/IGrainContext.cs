namespace Orleans.Runtime;

/// <summary>One activation: the life of a grain in memory, from its activation to its deactivation.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    GrainReference GrainReference { get; }

    /// <summary>The grain object; <c>null</c> before it is constructed.</summary>
    object? GrainInstance { get; }

    /// <summary>Services scoped to this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when this activation has ended. To await it inside the grain itself would never return.</summary>
    Task Deactivated { get; }

    /// <summary>
    /// Ends this activation once the requests it is running have ended. Requests that wait move to a new activation.
    /// Safe to repeat: the first reason stands.
    /// </summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>Gives the activation whose turn is running.</summary>
public interface IGrainContextAccessor
{
    IGrainContext GrainContext { get; }
}
