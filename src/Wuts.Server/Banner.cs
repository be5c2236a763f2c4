using System.Reflection;
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
        var engine = typeof(Banner).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "WutsEngine").Value;
        var lines = new List<(string Label, string Value)>
        {
            ("listening on", string.Join(", ", app.Urls)),
            ("engine", engine == "orleans" ? "orleans (one silo)" : "inprocess (one process; clusters need the Orleans packages)"),
            ("database", app.Services.GetRequiredService<IStorageInitializer>().Description),
        };
        if (app.Services.GetServices<IHostedService>().OfType<StorageStartup>().Single().MadeMasterToken is { } master)
        {
            lines.Add(("master token", $"{master} (shown this once)"));
        }

        var demo = app.Services.GetRequiredService<DemoAccess>();
        if (demo.Token is not null)
        {
            lines.Add(("demo token", demo.Token));
            lines.Add(("webhook events", $"{address}/simulator/webhooks/demo (secret {demo.WebhookSecret})"));
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
