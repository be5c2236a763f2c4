namespace Orleans.InProcess;

/// <summary>Something an activation is asked to run: a call, or the tick of a grain timer.</summary>
internal abstract class Request : ITurn
{
    /// <summary>The activation it was handed to last.</summary>
    public Activation? Activation { get; set; }

    /// <summary>The next one in <see cref="WaitingRequests"/>.</summary>
    public Request? Next { get; set; }

    public abstract bool AlwaysInterleaves { get; }

    public abstract bool IsReadOnly { get; }

    /// <summary>The call chain it belongs to, if that chain may re-enter grains; otherwise empty.</summary>
    public abstract Guid ReentrancyId { get; }

    /// <summary>Whether it could ever start while another request is running.</summary>
    public bool MayOvertake => AlwaysInterleaves || IsReadOnly || ReentrancyId != Guid.Empty;

    void ITurn.Run() => Activation!.OnRequest(this);

    /// <summary>Runs the request in the current turn of <paramref name="activation"/>, and tells it when it has ended. Never throws.</summary>
    public abstract Task Run(Activation activation);

    /// <summary>The activation ended before this could start: find it another one, or give up.</summary>
    public abstract void Forward();

    public abstract void Reject(Exception reason);
}
