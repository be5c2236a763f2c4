using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A call on its way through the filters. What a filter leaves in <see cref="Result"/> is what the caller gets.</summary>
public interface IGrainCallContext
{
    IInvokable Request { get; }

    /// <summary>The grain object for an incoming call, the grain reference for an outgoing one.</summary>
    object Grain { get; }

    /// <summary>Who calls; for code outside of all grains, an id that belongs to no grain.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    object? Result { get; set; }

    /// <summary>Goes on to the next filter, and at last to the grain. A filter that does not call it must set <see cref="Result"/>.</summary>
    Task Invoke();
}

public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }

    MethodInfo ImplementationMethod { get; }
}

public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The calling activation; <c>null</c> for code outside of all grains.</summary>
    IGrainContext? SourceContext { get; }
}

/// <summary>Runs around each call that reaches a grain, in the grain's turn. A grain class may implement it for itself.</summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Runs around each call on the caller's side, before the arguments are copied.</summary>
public interface IOutgoingGrainCallFilter
{
    Task Invoke(IOutgoingGrainCallContext context);
}

public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
