using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Wuts.Grains.Telemetry;

/// <summary>The tag that tells tenants apart, for as many as the operator allows: the first that are seen.</summary>
internal sealed class TenantTag(IOptions<MetricOptions> options)
{
    public const string Name = "wuts.tenant.id";
    private const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _named = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The tag's value for a tenant; <c>null</c> where it is left out.</summary>
    public string? Of(string tenantId)
    {
        if (options.Value.Tenants == 0)
        {
            return null;
        }

        return _named.TryGetValue(tenantId, out var named) ? named
            : Volatile.Read(ref _count) < options.Value.Tenants && Interlocked.Increment(ref _count) <= options.Value.Tenants ? _named.GetOrAdd(tenantId, tenantId)
            : Other;
    }

    public TagList TagsOf(string tenantId) => Of(tenantId) is { } value ? new() { { Name, value } } : default;
}
