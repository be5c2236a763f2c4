using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>
/// A grain in memory. Everything it does is a turn of its queue: starting requests, continuing them, activating, deactivating.
/// Turns never overlap, so nothing here takes a lock; what other threads want done, they post.
/// </summary>
/// <remarks>This part decides which request runs when. Activation.Lifetime.cs has its beginning and its end.</remarks>
internal sealed partial class Activation : IGrainContext, ICallTarget
{
    private readonly TurnQueue _turns;
    private readonly WaitingRequests _waiting = new();
    private readonly Func<Request, bool> _mayStart;
    private int _running;
    private bool _pumping;
    private Dictionary<Guid, int>? _reentrantSections;

    // The request that others have to wait for: the first to start among those running that do not always interleave.
    private Request? _blocking;

    public Activation(Silo silo, GrainId grainId, GrainClass grainClass)
    {
        Silo = silo;
        GrainId = grainId;
        Class = grainClass;
        _collectionAge = grainClass.CollectionAge(silo.CollectionOptions);
        _turns = new(silo.Scheduler, this);
        _mayStart = MayStart;
    }

    public Silo Silo { get; }

    public GrainId GrainId { get; }

    public GrainClass Class { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => field ??= GrainReference.Create(typeof(IAddressable), GrainId, Class, Silo.Sender);

    /// <summary>For a stateless worker: the calls handed over that have not ended.</summary>
    public int Load => Volatile.Read(ref _load);

    public bool FiltersCalls => Silo.IncomingFilters.Length > 0 || GrainInstance is IIncomingGrainCallFilter;

    private bool IsInactive => _running == 0 && _waiting.IsEmpty;

    public void Receive(Call call) => Receive((Request)call);

    public void Receive(Request request)
    {
        request.Activation = this;
        _turns.Post(request);
    }

    /// <summary>Runs something in a turn of its own.</summary>
    public void Post(Action action) => _turns.Post(action);

    /// <summary>A request's own turn: start it, or let it wait.</summary>
    public void OnRequest(Request request)
    {
        if (_state == ActivationState.Ended)
        {
            Leave(request);
        }
        else if (MayStart(request))
        {
            Start(request);
        }
        else
        {
            _waiting.Add(request);
        }
    }

    /// <summary>Called by a request when it has ended, in a turn of this activation.</summary>
    public void OnEnded(Request request)
    {
        _running--;
        if (_blocking == request)
        {
            _blocking = null;
        }

        Unload(request);
        Pump();
        FinishIfDeactivating();
    }

    public async Task<object?> FilterCall(Call call)
    {
        var context = new IncomingCallContext(call, this, Silo.IncomingFilters);
        await context.Invoke();
        return context.Result;
    }

    /// <summary>For a stateless worker: counts a call that is about to be handed over.</summary>
    public void AddLoad() => Interlocked.Increment(ref _load);

    public void EnterReentrantSection(Guid id)
    {
        if (id != Guid.Empty)
        {
            _reentrantSections ??= [];
            _reentrantSections[id] = _reentrantSections.GetValueOrDefault(id) + 1;
            _turns.Post(Pump); // a call of this chain may be waiting already; it must not start in the middle of this turn
        }
    }

    public void LeaveReentrantSection(Guid id)
    {
        if (_reentrantSections?.Remove(id, out var depth) == true && depth > 1)
        {
            _reentrantSections[id] = depth - 1;
        }
    }

    private void Unload(Request request)
    {
        if (Class.MaxLocalWorkers > 0 && request is Call)
        {
            Interlocked.Decrement(ref _load);
        }
    }

    private void Start(Request request)
    {
        _running++;
        if (_blocking is null && !request.AlwaysInterleaves)
        {
            _blocking = request;
        }

        _ = request.Run(this);
    }

    // Requests that complete at once come back through OnEnded while the loop is here, which is why it does not nest.
    private void Pump()
    {
        if (_pumping)
        {
            return;
        }

        _pumping = true;
        while (_waiting.TakeFirst(_mayStart) is { } request)
        {
            Start(request);
        }

        _pumping = false;
    }

    // The rule is Orleans' own, to the letter. Thus once the blocking request has ended, a request that changes things may
    // start beside a [ReadOnly] one that is still running. To be stricter here would hide mistakes that a cluster would show.
    private bool MayStart(Request request) =>
        IsOpenTo(request)
        && (_running == 0
            || request.AlwaysInterleaves
            || Class.IsReentrant
            || _blocking is null
            || (_blocking.IsReadOnly && request.IsReadOnly)
            || (request.ReentrancyId != Guid.Empty && _reentrantSections?.GetValueOrDefault(request.ReentrancyId) > 0));
}
