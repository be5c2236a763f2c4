using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Testing.Memory;

namespace Wuts.Storage.Tests.Fixtures;

/// <summary>The double of a database that other suites run on: here it proves that it is one.</summary>
public sealed class MemoryStorage : StorageFixture
{
    private readonly MemoryDatabase _database = new();

    public override Task InitializeAsync()
    {
        StartProcess();
        return base.InitializeAsync();
    }

    public override Task<string?> StoredCredentialsAsync(DeviceKey device) => Task.FromResult(_database.StoredCredentialsOf(device));

    public override Task<long> CountMessagesAsync(string tenantId) =>
        Task.FromResult(_database.Messages.LongCount(message => message.Envelope.TenantId == tenantId));

    public override Task<long> CountTimelineAsync(string tenantId) => Task.FromResult(_database.Messages
        .Where(message => message.Envelope.TenantId == tenantId)
        .Sum(message => (long)_database.TimelineOf(tenantId, message.Envelope.Id).Length));

    public override Task<long> CountOrphansAsync(DeviceKey device) => Task.FromResult<long>(_database.InboxOf(device, "orphan").Length);

    public override Task<long> CountAttemptsAsync(string endpointId) => Task.FromResult<long>(_database.AttemptsOf(endpointId).Length);

    public override Task<long> CountEndpointAsync(string endpointId) => Task.FromResult(
        _database.Endpoints.LongCount(endpoint => endpoint.Id == endpointId) + _database.EventsOf(endpointId).Length);

    public override Task<ImmutableArray<long[]>> CountsOfAsync(string tenantId, params string[] columns)
    {
        var deltas = _database.CountDeltas.SelectMany(json => JsonDocument.Parse(json).RootElement.EnumerateArray());
        var minutes = deltas
            .Where(delta => delta.GetProperty("tenant").GetString() == tenantId)
            .GroupBy(delta => delta.GetProperty("minute").GetInt64())
            .OrderBy(minute => minute.Key);
        return Task.FromResult<ImmutableArray<long[]>>([.. minutes.Select(minute => columns.Select(column => SumOf(minute, column)).ToArray())]);
    }

    protected override void AddStorage(IServiceCollection services) => services.AddMemoryStores(_database);

    private static long SumOf(IEnumerable<JsonElement> deltas, string column) =>
        deltas.Sum(delta => delta.TryGetProperty(column, out var amount) ? amount.GetInt64() : 0);
}
