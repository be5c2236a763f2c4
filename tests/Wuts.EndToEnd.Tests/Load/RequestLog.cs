using System.Collections.Concurrent;
using System.Collections.Immutable;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Load;

/// <summary>What clients asked and were told. A witness: it knows nothing of the process, the network or the database.</summary>
internal sealed class RequestLog
{
    private readonly ConcurrentQueue<ClientRequest> _requests = [];
    private readonly Lock _gate = new();

    public ImmutableArray<ClientRequest> Requests => [.. _requests];

    /// <summary>The longest that any client waited for a 2xx answer, over all repetitions of its request.</summary>
    public TimeSpan LongestStall { get; private set; }

    /// <summary>Requests that failed, by what the client saw. One that hung up by itself has not failed.</summary>
    public ConcurrentDictionary<string, int> Failures { get; } = [];

    public void NoteFailure(string what) => Failures.AddOrUpdate(what, 1, static (_, known) => known + 1);

    public void Add(ClientRequest request) => _requests.Enqueue(request);

    public void NoteStall(TimeSpan stall)
    {
        lock (_gate)
        {
            LongestStall = stall > LongestStall ? stall : LongestStall;
        }
    }
}
