using System.Collections.Concurrent;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

public sealed class GrainStorageTests(GrainStorageTests.Fixture silo) : IClassFixture<GrainStorageTests.Fixture>
{
    private readonly string _key = SiloFixture.NewKey();

    private INoteGrain Grain => silo.Grains.GetGrain<INoteGrain>(_key);

    [Fact]
    public async Task A_storage_of_the_applications_own_is_found_by_its_name()
    {
        await Grain.Write("hello");

        Assert.Equal("hello", silo.Storage.Find<Note>("note", Grain.GetGrainId())?.Text);
    }

    [Fact]
    public async Task State_is_read_before_the_grain_activates()
    {
        await Grain.Write("hello");
        await silo.Cluster.DeactivateAsync(Grain);

        await Grain.Read();

        Assert.Equal("hello", await silo.Probe.Shown<string>($"{_key} activated with"));
    }

    [Fact]
    public async Task A_failure_of_the_storage_reaches_the_grain_as_an_exception_of_the_runtime()
    {
        silo.Storage.FailNextWrite();

        var exception = await Assert.ThrowsAsync<OrleansException>(() => Grain.Write("lost"));

        Assert.IsType<IOException>(exception.InnerException);
    }

    public sealed class Fixture : SiloFixture
    {
        internal DictionaryStorage Storage { get; } = new();

        protected override void Configure(ISiloBuilder silo)
        {
            base.Configure(silo);
            silo.Services.AddGrainStorage("notes", (_, _) => Storage);
        }
    }
}

/// <summary>A storage as an application would write one.</summary>
internal sealed class DictionaryStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), (object? State, string Etag)> _records = new();
    private bool _failNextWrite;

    public void FailNextWrite() => _failNextWrite = true;

    public T? Find<T>(string name, GrainId grainId)
        where T : class => _records.TryGetValue((name, grainId), out var record) ? (T?)record.State : null;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var record))
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T?)record.State, record.Etag, true);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_failNextWrite)
        {
            _failNextWrite = false;
            throw new IOException("the disk is full");
        }

        var etag = Guid.NewGuid().ToString();
        _records[(stateName, grainId)] = (grainState.State, etag);
        (grainState.ETag, grainState.RecordExists) = (etag, true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _records.TryRemove((stateName, grainId), out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (default, null, false);
        return Task.CompletedTask;
    }
}

[GenerateSerializer, Immutable]
public sealed record Note([property: Id(0)] string? Text);

public interface INoteGrain : IGrainWithStringKey
{
    Task Write(string text);

    Task<string?> Read();
}

internal sealed class NoteGrain([PersistentState("note", "notes")] IPersistentState<Note> note, Probe probe) : Grain, INoteGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Show($"{this.GetPrimaryKeyString()} activated with", note.State.Text);
        return Task.CompletedTask;
    }

    public Task Write(string text)
    {
        note.State = new(text);
        return note.WriteStateAsync();
    }

    public Task<string?> Read() => Task.FromResult(note.State.Text);
}
