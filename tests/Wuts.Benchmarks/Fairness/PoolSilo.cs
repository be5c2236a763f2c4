using Wuts.Benchmarks.Load;

namespace Wuts.Benchmarks.Fairness;

/// <summary>Which silo the pool lives on, by the metrics of each: its death is the one that stops all tenants.</summary>
internal static class PoolSilo
{
    private const string Metric = "wuts_pool_granted";

    public static async Task<Uri> FindAsync(IEnumerable<Uri> silos)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", ClusterProcesses.MetricsToken);
        foreach (var silo in silos)
        {
            var metrics = await http.GetStringAsync(new Uri(silo, "/metrics"));
            if (metrics.Contains($"\n{Metric}", StringComparison.Ordinal))
            {
                return silo;
            }
        }

        throw new InvalidOperationException("No silo has granted permits of the pool.");
    }
}
