using System.Reflection;
using Microsoft.Extensions.Options;
using Wuts.Server.Demo;
using Wuts.Server.Security;
using Wuts.Storage;

namespace Wuts.Server;

/// <summary>The command line: short forms of the settings, help, and errors that say what to do.</summary>
internal static class CommandLine
{
    private const int Misused = 2;
    private const int NotStarted = 1;

    private static readonly (string Short, string Setting, string Help)[] Options =
    [
        ("--role", "Wuts:Role", "what this process is: all, silo, gateway or simulator (all)"),
        ("--urls", "Wuts:Urls", "where it listens for HTTP (http://127.0.0.1:8080)"),
        ("--data", "Wuts:DataPath", "folder for everything kept on disk (data)"),
        ("--storage", "Wuts:Storage:Provider", "sqlite or postgres (sqlite)"),
        ("--connection-string", "Wuts:Storage:ConnectionString", "the database, in the provider's form"),
        ("--master-token", "Wuts:MasterToken", "the operator's token (made and printed once)"),
        ("--encryption-key", "Wuts:EncryptionKey", "encrypts the secrets in the database of a cluster"),
        ("--silo-port", "Wuts:Cluster:SiloPort", "a silo's TCP port for other silos (11111)"),
        ("--gateway-port", "Wuts:Cluster:GatewayPort", "a silo's TCP port for gateways (30000)"),
        ("--advertise", "Wuts:Cluster:AdvertisedAddress", "the IP address at which others reach this silo (found)"),
        ("--simulator", "Wuts:Simulator:Enabled", "true serves a simulated WhatsApp under /simulator (false)"),
        ("--private-webhooks", "Wuts:Webhooks:AllowPrivateTargets", "true allows http and private addresses; development only (false)"),
        ("--demo", "Wuts:Demo", "true makes a demo tenant and prints how to use it (false)"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h" or "help"])
        {
            WriteHelp();
            return 0;
        }

        if (args is ["health", ..])
        {
            return await HealthProbe.RunAsync(args[1..]);
        }

        var migrateOnly = args is ["migrate", ..];
        if (Expand(migrateOnly ? args[1..] : args, out var problem) is not { } settings)
        {
            await Console.Error.WriteLineAsync($"wuts: {problem} See wuts --help.");
            return Misused;
        }

        try
        {
            if (migrateOnly)
            {
                return await Migration.RunAsync(settings);
            }

            await using var app = WutsServer.Build(settings);
            await app.StartAsync();
            Banner.Write(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(string.Join(Environment.NewLine + "wuts: ", e.Failures));
        }
        catch (Exception e) when (e is StartupException or StorageUnavailableException)
        {
            return await RefuseAsync(e.Message);
        }
        catch (InvalidOperationException e) when (e.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            return await RefuseAsync(e.Message); // it names the key and the value
        }
        catch (Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await RefuseAsync("A TCP port of this silo is in use. Choose others with --silo-port and --gateway-port.");
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await RefuseAsync($"{e.Message} Choose another with --urls.");
        }
    }

    /// <summary>Turns short forms into settings; <c>null</c> with the problem for what is neither.</summary>
    internal static string[]? Expand(string[] args, out string? problem)
    {
        problem = null;
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            var value = equals >= 0 ? args[i][(equals + 1)..] : i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : null;
            var setting = Options.FirstOrDefault(o => o.Short == name).Setting
                ?? (name.StartsWith("--Wuts:", StringComparison.OrdinalIgnoreCase) || name.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase) ? name[2..] : null);
            if (setting is null || value is null)
            {
                problem = setting is null ? $"unknown option '{name}'." : $"'{name}' needs a value.";
                return null;
            }

            settings.Add($"--{setting}={value}");
        }

        return [.. settings];
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync($"wuts: {message}");
        return NotStarted;
    }

    private static void WriteHelp()
    {
        Console.WriteLine("wuts: a WhatsApp messaging cluster.\n\nUsage: wuts [options]\n"
            + "       wuts migrate [options]   brings the database up to date, and ends\n"
            + "       wuts health [url]        asks a running process whether it is ready (http://127.0.0.1:8080); ends with 0 or 1\n");
        foreach (var (name, setting, help) in Options)
        {
            Console.WriteLine($"  {name,-20} {help}\n  {string.Empty,-20} {setting}, WUTS__{setting["Wuts:".Length..].Replace(":", "__").ToUpperInvariant()}");
        }

        Console.WriteLine("\nEvery setting can be given as --Wuts:Name=value, as an environment variable, or in appsettings.json; the command line wins.");
    }
}
