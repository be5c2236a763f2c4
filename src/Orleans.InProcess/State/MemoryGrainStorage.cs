using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps records in memory, by copy, for as long as the silo runs.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), Record> _records = new();
    private long _writes;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var record))
        {
            grainState.State = InProcess.ObjectCopier.Copy((T?)record.State);
            grainState.ETag = record.ETag;
            grainState.RecordExists = true;
        }
        else
        {
            grainState.State = InProcess.StateFactory.Create<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var etag = Interlocked.Increment(ref _writes).ToString(CultureInfo.InvariantCulture);
        var written = new Record(InProcess.ObjectCopier.Copy(grainState.State), etag);
        var expected = grainState.ETag;
        _records.AddOrUpdate(
            (stateName, grainId),
            _ => expected is null ? written : throw Conflict(null, expected),
            (_, stored) => stored.ETag == expected ? written : throw Conflict(stored.ETag, expected));
        grainState.ETag = etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var stored)
            && (stored.ETag != grainState.ETag || !_records.TryRemove(new((stateName, grainId), stored))))
        {
            return Task.FromException(Conflict(stored.ETag, grainState.ETag));
        }

        grainState.State = InProcess.StateFactory.Create<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static InconsistentStateException Conflict(string? stored, string? current) =>
        new("The record was written by somebody else since it was read.", stored, current);

    private sealed record Record(object? State, string ETag);
}
