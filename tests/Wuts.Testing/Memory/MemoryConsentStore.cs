using System.Collections.Immutable;
using Wuts.Domain.Compliance;
using Wuts.Storage;

namespace Wuts.Testing.Memory;

public sealed class MemoryConsentStore : IConsentStore
{
    private readonly MemoryConnection _connection;

    public MemoryConsentStore(MemoryDatabase database)
        : this(new MemoryConnection(database))
    {
    }

    internal MemoryConsentStore(MemoryConnection connection) => _connection = connection;

    public Task<Consent?> FindAsync(string tenantId, string chatJid, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Consents.Find(tenantId, chatJid), cancellationToken);

    public Task<Consent> PutAsync(Consent consent, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.Consents.Put(consent), cancellationToken);

    public Task<int> ImportAsync(string tenantId, ImmutableArray<Consent> consents, CancellationToken cancellationToken = default)
    {
        var said = consents
            .GroupBy(consent => consent.ChatJid)
            .Select(words => words.OrderBy(consent => consent.At).Aggregate((known, change) => known.Apply(change)))
            .ToArray();
        return _connection.WriteAsync(tables => said.Count(consent => tables.Consents.Apply(consent).News), cancellationToken);
    }

    public Task<ConsentRemoval> DeleteAsync(string tenantId, string chatJid, bool evenOptedOut, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(
            tables =>
            {
                if (tables.Consents.Find(tenantId, chatJid) is not { } known)
                {
                    return ConsentRemoval.NotFound;
                }

                if (known.State == ConsentState.OptedOut && !evenOptedOut)
                {
                    return ConsentRemoval.KeptOptOut;
                }

                tables.Consents.Remove(tenantId, chatJid);
                return ConsentRemoval.Removed;
            },
            cancellationToken);

    public Task<ImmutableArray<Consent>> ListAsync(
        string tenantId, ConsentState? state, string? after, int limit, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(
            tables => tables.Consents.Rows
                .Where(consent => consent.TenantId == tenantId && (state is null || consent.State == state))
                .SkipWhile(consent => string.CompareOrdinal(consent.ChatJid, after ?? string.Empty) <= 0)
                .Take(limit)
                .ToImmutableArray(),
            cancellationToken);

    public Task<ConsentPolicy> FindPolicyAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _connection.ReadAsync(tables => tables.Consents.Policies.GetValueOrDefault(tenantId, ConsentPolicy.Default), cancellationToken);

    public Task PutPolicyAsync(string tenantId, ConsentPolicy policy, CancellationToken cancellationToken = default) =>
        _connection.WriteAsync(tables => tables.Consents.Policies[tenantId] = policy, cancellationToken);
}
