using Microsoft.Extensions.Options;
using Wuts.Storage;

namespace Wuts.Server;

/// <summary><c>wuts migrate</c>: brings the database up to date without starting anything.</summary>
internal static class Migration
{
    /// <param name="settings">As for a start; only those of the storage matter.</param>
    public static async Task<int> RunAsync(string[] settings)
    {
        await using var app = WutsServer.BuildStorage(settings);
        _ = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value; // refuses wrong settings by their names
        var storage = app.Services.GetRequiredService<IStorageInitializer>();
        await storage.InitializeAsync();
        Console.WriteLine($"{storage.Description} is up to date.");
        return 0;
    }
}
