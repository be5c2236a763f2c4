using Microsoft.Extensions.Options;
using Wuts.Server.Cluster;
using Wuts.Server.Demo;
using Wuts.Storage;

namespace Wuts.Server;

/// <summary>What a person sees once the process is up.</summary>
internal static class Banner
{
    /// <summary>An address to call from this machine, for one that may mean all of its interfaces.</summary>
    public static string Reachable(string listening) => listening.Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1").TrimEnd('/');

    public static void Write(WebApplication app)
    {
        var address = Reachable(app.Urls.First());
        var role = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Role;
        List<(string Label, string Value)> lines = [("role", role), ("listening on", string.Join(", ", app.Urls))];
        if (app.Services.GetService<IStorageInitializer>() is { } storage)
        {
            lines.Add(("engine", ClusterEngine.Name));
            lines.Add(("database", storage.Description));
        }

        if (app.Services.GetServices<IHostedService>().OfType<StorageStartup>().SingleOrDefault()?.MadeMasterToken is { } master)
        {
            lines.Add(("master token", $"{master} (shown this once)"));
        }

        var demo = app.Services.GetService<DemoAccess>() ?? new DemoAccess();
        if (demo.Token is not null)
        {
            lines.Add(("demo token", demo.Token));
            lines.Add(("webhook events", $"{demo.WebhookUrl} (secret {demo.WebhookSecret})"));
            lines.Add(("API document", $"{address}/openapi.json"));
        }

        Console.WriteLine();
        foreach (var (label, value) in lines)
        {
            Console.WriteLine($"  {label,-15} {value}");
        }

        if (demo.Token is not null)
        {
            Console.WriteLine($$"""

                  Send a message:

                curl -s {{address}}/send/text -H 'Authorization: Bearer {{demo.Token}}' -H 'Content-Type: application/json' -d '{"number":"5511988880002","text":"Hello"}'

                """);
        }
    }
}
