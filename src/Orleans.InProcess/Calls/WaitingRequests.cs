namespace Orleans.InProcess;

/// <summary>The requests that an activation cannot run yet, oldest first.</summary>
internal sealed class WaitingRequests
{
    private Request? _first;
    private Request? _last;
    private int _overtakers;

    public bool IsEmpty => _first is null;

    public void Add(Request request)
    {
        request.Next = null;
        if (_last is null)
        {
            _first = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
        _overtakers += request.MayOvertake ? 1 : 0;
    }

    /// <summary>Takes out the oldest request that may start. Looks past the first only if some request could overtake it.</summary>
    public Request? TakeFirst(Func<Request, bool> mayStart)
    {
        Request? before = null;
        for (var request = _first; request is not null; before = request, request = request.Next)
        {
            if (mayStart(request))
            {
                Remove(request, before);
                return request;
            }

            if (_overtakers == 0)
            {
                return null;
            }
        }

        return null;
    }

    public Request? TakeFirst()
    {
        if (_first is { } request)
        {
            Remove(request, before: null);
            return request;
        }

        return null;
    }

    private void Remove(Request request, Request? before)
    {
        if (before is null)
        {
            _first = request.Next;
        }
        else
        {
            before.Next = request.Next;
        }

        if (_last == request)
        {
            _last = before;
        }

        request.Next = null;
        _overtakers -= request.MayOvertake ? 1 : 0;
    }
}
